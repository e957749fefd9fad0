// A mutation run over the pure modules, a folder at a time, with that folder's own tests: `npm run mutation [FOLDER...]`.
import { Stryker } from '@stryker-mutator/core';

const ageTests = (...names) => names.map((name) => `test/age/${name}.test.ts`).join(' ');

const GROUPS = {
  match: { mutate: 'src/match/*.ts', tests: 'test/mask/masker.test.ts test/match/pattern-set.test.ts' },
  mask: { mutate: 'src/mask/*.ts', tests: 'test/mask/*.test.ts' },
  project: { mutate: 'src/project/resolve.ts', tests: 'test/project/resolve.test.ts' },
  run: { mutate: 'src/run/environment.ts', tests: 'test/run/environment.test.ts' },
  fingerprint: { mutate: 'src/fingerprint/*.ts', tests: 'test/fingerprint/fingerprint.test.ts' },
  age: {
    mutate: 'src/age/{aead,age,base64,bech32,curve,filekey,hkdf,noble,raw-key,stream,x25519}.ts',
    tests: ageTests('aead', 'bech32', 'cctv', 'hostile', 'raw-key', 'refusals', 'x25519'),
  },
  'age-text': {
    mutate: 'src/age/{armor,error,header}.ts',
    tests: ageTests('armor', 'cctv', 'hostile', 'refusals'),
  },
  // Apart, since passphrases take seconds.
  scrypt: { mutate: 'src/age/scrypt.ts', tests: ageTests('scrypt', 'hostile', 'cctv') },
  profile: { mutate: 'src/profile/*.ts', tests: 'test/profile/*.test.ts' },
  runs: { mutate: 'src/scan/{byte-kinds,run-finder,run-vectors}.ts', tests: 'test/scan/run-finder.test.ts' },
  export: {
    // variable.ts is seen by the command alone.
    mutate: 'src/export/{docker-env,dotenv,format,github,json,python,shell}.ts',
    tests: 'test/export/formats.test.ts',
  },
};

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(GROUPS);
const scores = {};
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
    ignorePatterns: ['.cache', 'dist', 'bench', 'docs', '/examples'],
    timeoutMS: 20_000,
    // TypeScript 7 has no programming interface for Stryker to read tsconfig.json with; nothing here needs it.
    tsconfigFile: 'none',
    disableTypeChecks: false,
    reporters: ['clear-text', 'json', 'progress-append-only'],
    jsonReporter: { fileName: `.cache/mutation/${name}.json` },
    clearTextReporter: { allowColor: false, reportTests: false, skipFull: true },
  }).runMutationTest();
  const count = (...states) => results.filter(({ status }) => states.includes(status)).length;
  const [killed, alive] = [count('Killed', 'Timeout'), count('Survived', 'NoCoverage')];
  scores[name] = { killed, alive, score: Number(((100 * killed) / (killed + alive)).toFixed(1)) };
}
console.table(scores);
