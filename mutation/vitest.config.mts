import { defineConfig } from 'vitest/config';
import { webAssembly } from '../build/web-assembly.mts';

/** The tests of one group of modules, which run in this process and quickly: a mutation run repeats them often. */
export default defineConfig({
  plugins: [webAssembly()],
  test: {
    include: process.env.TWVAULT_MUTATION_TESTS?.split(' ') ?? [],
    setupFiles: ['mutation/setup.mts'],
    testTimeout: 30_000,
  },
});
