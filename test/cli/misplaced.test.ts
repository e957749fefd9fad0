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
