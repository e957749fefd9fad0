import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Real processes, real files and scrypt: each test gets the time that a busy machine needs.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Forks, not threads: tests set variables that native code reads.
    pool: 'forks',
    maxWorkers: 2,
  },
});
