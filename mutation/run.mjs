// A mutation run over the pure modules, a folder at a time, with that folder's own tests: `npm run mutation [FOLDER...]`.
import { Stryker } from '@stryker-mutator/core';

const GROUPS = {
  match: { mutate: 'src/match/*.ts', tests: 'test/match/*.test.ts test/mask/masker.test.ts' },
  mask: { mutate: 'src/mask/*.ts', tests: 'test/mask/*.test.ts' },
  project: { mutate: 'src/project/resolve.ts', tests: 'test/project/resolve.test.ts' },
  run: { mutate: 'src/run/environment.ts', tests: 'test/run/environment.test.ts' },
  fingerprint: { mutate: 'src/fingerprint/*.ts', tests: 'test/fingerprint/fingerprint.test.ts' },
  // Without the tests that spend seconds on passphrases, which belong to scrypt.ts alone.
  age: {
    mutate: 'src/age/!(scrypt).ts',
    tests: ['aead', 'armor', 'bech32', 'cctv', 'hostile', 'x25519']
      .map((name) => `test/age/${name}.test.ts`)
      .join(' '),
  },
  scrypt: { mutate: 'src/age/scrypt.ts', tests: 'test/age/scrypt.test.ts test/age/hostile.test.ts' },
  profile: { mutate: 'src/profile/*.ts', tests: 'test/profile/*.test.ts' },
};

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(GROUPS);
const scores = [];
for (const name of wanted) {
  const { mutate, tests } = GROUPS[name];
  process.env.TWVAULT_MUTATION_TESTS = tests;
  const results = await new Stryker({
    testRunner: 'vitest',
    vitest: { configFile: 'mutation/vitest.config.mts', related: false },
    mutate: [mutate],
    coverageAnalysis: 'perTest',
    concurrency: Number(process.env.TWVAULT_MUTATION_CONCURRENCY ?? 2),
    tempDirName: `.cache/mutation/${name}`,
    ignorePatterns: ['dist', 'bench', 'docs', 'examples'],
    // TypeScript 7 has no programming interface for Stryker to read tsconfig.json with; nothing here needs it.
    tsconfigFile: 'none',
    disableTypeChecks: false,
    reporters: ['clear-text', 'json'],
    jsonReporter: { fileName: `.cache/mutation/${name}.json` },
    clearTextReporter: { allowColor: false, reportTests: false, skipFull: true },
  }).runMutationTest();
  scores.push([name, results]);
}
