import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { X25519Identity } from '../../src/age/x25519.ts';
import { User } from '../support/cli.ts';
import { alphanumeric } from '../support/credentials.ts';

function userWithKeys(): User {
  const user = new User().withFileVault();
  user.add('personal');
  return user;
}
const identity = X25519Identity.generate().encode();
const key = alphanumeric(50);
const PHRASE = 'correct horse battery staple x9';

describe('a secret in the place of a path is not shown', () => {
  it.each<[string, string[], Record<string, string>]>([
    ['an identity', ['get', 'personal', 'api_key'], { TWVAULT_IDENTITY_FILE: identity }],
    ['an identity', ['doctor'], { TWVAULT_IDENTITY_FILE: identity }],
    ['an identity', ['doctor', '--json'], { TWVAULT_IDENTITY_FILE: identity }],
    ['an identity', ['restore', identity], {}],
    ['an identity', ['restore', 'some.backup', '--identity', identity], {}],
    ['an identity', ['exec', '-p', identity, '--', 'true'], {}],
    ['a passphrase', ['passwd', '--new-passphrase-file', PHRASE], {}],
    ['a passphrase', ['backup', 'new.backup', '--passphrase-file', PHRASE], {}],
    ['a key', ['import', key, '--yes'], {}],
    ['a key', ['exec', '-f', key, '--', 'true'], {}],
    ['a key', ['add', 'brand', '--from', key], {}],
    ['a key', ['scan', key], {}],
    ['a key', ['restore', key], {}],
  ])('%s: %j', (_, args, env) => {
    const user = userWithKeys();
    writeFileSync(join(user.root, 'work', 'some.backup'), 'age-encryption.org/v1\n');
    const { status, stdout, stderr } = user.run(args, { env });
    if (args[0] !== 'doctor') expect(status).not.toBe(0); // it tells of it
    for (const secret of [identity, key, PHRASE, identity.slice(20, 40)]) {
      expect(stdout + stderr).not.toContain(secret);
    }
  });

  it('a passphrase: in TWVAULT_PASSPHRASE_FILE', () => {
    const other = new User();
    other.env = { ...other.env, TWVAULT_PASSPHRASE: PHRASE };
    other.must(['init', '--store', 'file', '--passphrase', '--low-memory']);
    const { TWVAULT_PASSPHRASE: _, ...env } = other.env;
    other.env = { ...env, TWVAULT_PASSPHRASE_FILE: PHRASE };
    const { status, stderr } = other.run(['add', 'personal', '--stdin'], { input: `CONSUMER_KEY=${key}` });
    expect([status, stderr]).toEqual([
      3,
      'twvault: cannot read the file that TWVAULT_PASSPHRASE_FILE names: no such file or directory\n' +
        'twvault: hint: TWVAULT_PASSPHRASE_FILE holds a path; the passphrase itself belongs in TWVAULT_PASSPHRASE\n',
    ]);
  });
});

describe('a file where a path has a folder is told in one line', () => {
  const inFile = join('file', 'x');
  const recipient = X25519Identity.generate().recipient().encode();
  it.each<[string[], Record<string, string>, string]>([
    [['import', inFile], {}, 'cannot read file/x: not a directory'],
    [['scan', inFile], {}, 'there is no file or folder file/x'],
    [['exec', '-f', inFile, '--', 'true'], {}, 'cannot read file/x: not a directory'],
    [['restore', inFile], {}, 'cannot read file/x: not a directory'],
    [['backup', join(inFile, 'y'), '--recipient', recipient], {}, 'there is no folder file/x'],
    [
      ['export', 'personal', '--format', 'json', '--output', join(inFile, 'y')],
      {},
      'there is no folder file/x',
    ],
    [
      ['init', '--store', 'file', '--identity-out', inFile],
      { TWVAULT_HOME: 'other', TWVAULT_IDENTITY_FILE: '' },
      'cannot write file/x: not a directory',
    ],
    [['get', 'personal', 'api_key'], { TWVAULT_HOME: inFile }, 'not a directory'],
    [['completion', 'install', 'bash'], { HOME: inFile }, 'not a directory'],
  ])('%j %j', (args, env, message) => {
    const user = userWithKeys();
    const work = join(user.root, 'work');
    writeFileSync(join(work, 'file'), 'text');
    const inWork = Object.entries(env).map(([name, path]) => [name, path && join(work, path)]);
    const { status, stderr } = user.run(args, { env: Object.fromEntries(inWork) });
    expect([0, 141]).not.toContain(status);
    expect(stderr.replaceAll(`${work}/`, '').split('\n')[0]).toContain(message);
  });

  it('status: a runtime folder that is none is not used', () => {
    const user = userWithKeys();
    writeFileSync(join(user.root, 'file'), 'text');
    const env = { XDG_RUNTIME_DIR: join(user.root, 'file', 'x') };
    expect(user.run(['status'], { env })).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('standard input that is not UTF-8', () => {
  it.each([
    ['set', 'personal', 'VALUE'],
    ['add', 'brand', '--stdin'],
    ['rotate', 'personal', '--stdin'],
  ])('%s refuses it, and stores nothing', (...args) => {
    const user = userWithKeys();
    const { status, stderr } = user.run(args, { input: Buffer.from('CONSUMER_KEY=a\xffb', 'latin1') });
    expect([status, stderr]).toEqual([
      2,
      'twvault: standard input is not UTF-8 text\ntwvault: hint: convert it first, as with iconv\n',
    ]);
    expect(user.must(['list', '--json']).stdout).not.toMatch(/VALUE|brand/);
  });
});
