import { defineConfig } from 'vitest/config';

/** The tests of one group of modules, which run in this process and quickly: a mutation run repeats them often. */
export default defineConfig({
  test: {
    include: process.env.TWVAULT_MUTATION_TESTS?.split(' ') ?? [],
    setupFiles: ['mutation/setup.mts'],
    testTimeout: 30_000,
  },
});
