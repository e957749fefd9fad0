import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { STORES } from '../src/vault/config.ts';

const SRC = join(import.meta.dirname, '../src');

/**
 * What each folder may import, besides itself. Data flows one way: argv -> command -> profile -> store -> environment
 * -> child; nothing points back up, and what is pure imports nothing that reads or writes.
 */
const LAYERS: Record<string, readonly string[]> = {
  failure: [],
  age: [],
  fingerprint: [],
  profile: ['failure'],
  match: [],
  mask: ['profile', 'match'],
  installation: [],
  system: ['failure', 'installation'],
  unlock: ['failure', 'profile', 'age', 'system'],
  store: ['failure', 'profile', 'age', 'system', 'unlock'],
  agent: ['failure', 'age', 'installation', 'system', 'unlock'],
  vault: ['failure', 'profile', 'fingerprint', 'age', 'system', 'unlock', 'store', 'agent'],
  backup: ['failure', 'profile', 'age', 'system', 'store', 'vault'],
  project: ['failure', 'profile', 'system', 'vault'],
  run: ['failure', 'profile', 'installation', 'system', 'mask'],
  intake: ['failure', 'profile', 'system'],
  scrub: ['failure', 'profile', 'fingerprint', 'installation', 'system', 'project', 'run', 'intake', 'scan'],
  scan: ['failure', 'profile', 'fingerprint', 'installation', 'system', 'vault'],
  guard: ['failure', 'system'],
  x: ['failure', 'profile', 'system', 'vault'],
  export: ['failure', 'profile'],
  cli: [
    'failure',
    'profile',
    'fingerprint',
    'age',
    'installation',
    'system',
    'unlock',
    'store',
    'agent',
    'vault',
    'backup',
    'project',
    'mask',
    'run',
    'intake',
    'scrub',
    'scan',
    'guard',
    'export',
    'x',
  ],
  api: ['failure', 'profile', 'project', 'system', 'vault', 'x'],
  main: ['failure', 'system', 'run', 'cli'],
  complete: ['system', 'cli'],
  binary: ['system', 'agent', 'main', 'complete'],
};
/** Built-in modules of the folders that promise to be pure: computing, no reading and writing. */
const PURE: Record<string, readonly string[]> = {
  age: ['node:crypto'],
  fingerprint: ['node:crypto'],
  profile: [],
  match: [],
  mask: [],
  export: [],
};

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((path) =>
  /(?<!\.d)\.ts$/.test(path),
);
const layerOf = (path: string): string => (path.split(/[\\/]/)[0] ?? '').replace('.ts', '');

function importsOf(path: string): string[] {
  const text = readFileSync(join(SRC, path), 'utf8');
  return [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(([, name]) => name as string);
}

describe('the layers', () => {
  it.each(files)('%s imports nothing from above', (path) => {
    const own = layerOf(path);
    expect(Object.keys(LAYERS)).toContain(own);
    for (const name of importsOf(path)) {
      const place = name.replace(/^#/, `${SRC}/`); // package.json: imports
      if (name.endsWith('package.json') || name.endsWith('.d.ts') || !/^[./]/.test(place)) continue;
      const target = layerOf(relative(SRC, resolve(dirname(join(SRC, path)), place)));
      expect([own, ...(LAYERS[own] ?? [])]).toContain(target);
    }
  });

  it.each(files.filter((path) => PURE[layerOf(path)]))('%s reads and writes nothing', (path) => {
    const builtins = importsOf(path).filter((name) => name.startsWith('node:'));
    for (const name of builtins) expect(PURE[layerOf(path)]).toContain(name);
  });

  it('keeps stores from knowing each other', () => {
    for (const kind of STORES) {
      const others = STORES.filter((other) => other !== kind).map((other) => `./${other}.ts`);
      expect(importsOf(join('store', `${kind}.ts`)).filter((name) => others.includes(name))).toEqual([]);
    }
  });

  it('registers every store', () => {
    const opened = importsOf(join('vault', 'open.ts'));
    for (const kind of STORES) expect(opened).toContain(`../store/${kind}.ts`);
    const adapters = files.filter((path) => /implements Store\b/.test(readFileSync(join(SRC, path), 'utf8')));
    expect(adapters.map((path) => relative('store', path).replace('.ts', '')).sort()).toEqual(
      [...STORES].sort(),
    );
  });

  it('has one exit', () => {
    const leaving = files.filter((path) =>
      /process\.(exit|reallyExit)\(/.test(readFileSync(join(SRC, path), 'utf8')),
    );
    expect(leaving).toEqual([join('system', 'leave.ts')]);
  });

  it('starts git in one place, and nothing by a name that could mean a file of the working folder', () => {
    const matching = (pattern: RegExp) =>
      files.filter((path) => pattern.test(readFileSync(join(SRC, path), 'utf8')));
    expect(matching(/programNamed\('git'/)).toEqual([join('system', 'git.ts')]);
    expect(matching(/\b(spawn|exec|execFile|fork)(Sync)?\(\s*['"`](?!\/)/)).toEqual([]);
    expect(matching(/node:child_process/).sort()).toEqual(
      [
        'agent/start.ts',
        'run/pipe.ts',
        'run/process-handle.ts',
        'run/pseudo-terminal.ts',
        'run/spawn-windows.ts',
        'run/spawn.ts',
        'scrub/syntax.ts',
        'system/browser.ts',
        'system/git.ts',
        'system/keychain-in-helper.ts',
        'system/powershell.ts',
      ].map((path) => join(...path.split('/'))),
    );
  });

  it('reads values in the open only where that is the point', () => {
    const revealing = files.filter((path) => /\.reveal\(\)/.test(readFileSync(join(SRC, path), 'utf8')));
    expect(revealing.sort()).toEqual(
      [
        'backup/sealed.ts', // hands the passphrase to scrypt
        'cli/commands/get.ts', // prints the value that was asked for
        'cli/exec/env-file.ts', // takes the plain values of a file, looks at shapes
        'cli/import/unread.ts', // tells what a scan sees from what was read
        'cli/input.ts', // gives a typed value to be cleaned
        'cli/new-keys.ts', // tells an empty answer and cleans the others
        'cli/login/ask.ts', // gives a typed value to be cleaned
        'cli/login/by-oauth2.ts', // looks for the code in what was pasted
        'cli/login/by-pin.ts', // takes the blanks out of a PIN
        'cli/recovery.ts', // compares what was typed in
        'cli/setup.ts', // shows a generated passphrase once
        'export/variable.ts', // the plaintext that was asked for
        'intake/candidates-index.ts', // finds groups that hold the same value
        'intake/candidates-values.ts', // hands what was found to the cleaning, looks at shapes
        'intake/collect.ts', // hands what was found to the cleaning
        'profile/codec.ts', // writes the record that gets sealed
        'mask/secrets.ts', // writes down what to replace
        'profile/shape.ts', // looks at shapes
        'run/environment.ts', // fills the child's environment
        'scrub/account.ts', // gives the stored value to the proof
        'scrub/history.ts', // searches the history
        'scrub/proof.ts', // compares old values with what exec would give
        'scrub/remains.ts', // looks for what is left in a file
        'scrub/syntax.ts', // lets Python compare, over standard input
        'unlock/sealed-identity.ts', // hands the passphrase to scrypt
        'vault/fingerprints.ts', // takes fingerprints
        'cli/commands/token.ts', // prints the token that was asked for
        'api/client.ts', // hands the token to the library that sends it
        'api/credentials.ts', // gives values to the program that asked for them
        'profile/grant.ts', // decodes when a token was issued
        'x/oauth2.ts', // sends tokens to X
        'x/serve.ts', // gives the token to who knows the secret
        'x/offline.ts', // decodes what OAuth 2.0 tokens say of themselves
        'x/revoke.ts', // sends the bearer token that X shall end
        'x/client.ts', // hands credentials to the library that signs with them
        'x/login-pin.ts', // sends the PIN to X
      ].sort(),
    );
  });
});
