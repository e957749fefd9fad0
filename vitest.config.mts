import { defineConfig } from 'vitest/config';
import { webAssembly } from './build/web-assembly.mts';

export default defineConfig({
  plugins: [webAssembly()],
  test: {
    include: ['test/**/*.test.ts'],
    // Real processes, real files and scrypt: each test gets the time that a busy machine needs.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Forks, not threads: tests set variables that native code reads.
    pool: 'forks',
    // One more than CI's cores: many tests wait for a while.
    maxWorkers: 3,
    // Races with real processes on a shared machine: CI looks twice more before it believes a failure, and says so.
    retry: process.env.CI ? 2 : 0,
  },
});
