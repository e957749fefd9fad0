import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Decrypter } from 'age-encryption';
import { describe, expect, it } from 'vitest';
import { X25519Identity } from '../../src/age/x25519.ts';
import { keepBackup } from '../../src/backup/make.ts';
import { identityText } from '../../src/unlock/identity-text.ts';
import { callsAt, canTrace, site, traced } from '../faults/strace.ts';
import { strays } from '../faults/writers.ts';
import { filesOf, outcome } from '../keychain/login.ts';
import { User } from '../support/cli.ts';
import { sentinel } from '../support/credentials.ts';
import { has } from '../support/tools.ts';
import { Terminal } from '../terminal/pty.ts';
import { recipientOf } from './world.ts';

const READER = join(import.meta.dirname, '../reader/twvault_reader.py');
const PASSPHRASE = 'some made-up words';
const PRESETS = { legacy: { api_key: 'BOT_KEY' } };
const hasAge = has('age', 'backups that the age command opens');
const python = ['python3', '/usr/bin/python3'].find(
  (each) => spawnSync(each, ['-c', 'import cryptography']).status === 0,
);

/** A vault of an app and an account of it, whose default is the latter; and a file with a passphrase. */
function setting() {
  const user = new User().withFileVault();
  const value = sentinel();
  const keys = { app: user.add('app'), brand: user.add('brand', undefined, '--inherit', 'app') };
  user.must(['set', 'brand', 'EXTRA'], { input: value });
  user.must(['use', 'brand']);
  writeFileSync(join(user.home, 'presets.json'), JSON.stringify(PRESETS), { mode: 0o600 });
  const words = join(user.root, 'words');
  writeFileSync(words, `${PASSPHRASE}\nnot this line\n`);
  return { user, keys, value, path: join(user.root, 'backup.age'), words };
}

type Setting = ReturnType<typeof setting>;

/** A document that has everything, whoever opened the file. */
function expectDocument(text: string, { keys, value }: Setting): void {
  const document = JSON.parse(text);
  expect(document).toMatchObject({ format: 'twvault-backup-1', default: 'brand', presets: PRESETS });
  expect(document.profiles.map(({ profile }: { profile: string }) => profile)).toEqual(['app', 'brand']);
  const [app, brand] = document.profiles;
  expect(app.fields.api_secret.value).toBe(keys.app.api_secret);
  expect(brand.inherit).toBe('app');
  expect(brand.fields.access_token.value).toBe(keys.brand.access_token);
  expect(brand.extras.EXTRA.value).toBe(value);
  expect(text).toContain('\n      "profile": "app",\n');
}

describe('a backup', { timeout: 120_000 }, () => {
  it('under a passphrase is private, and shows nothing', () => {
    const { user, keys, value, path, words } = setting();
    const { stdout, stderr } = user.must(['backup', path, '--passphrase-file', words]);
    expect([stdout, stderr.split('\n')[0]]).toEqual([
      '',
      `twvault: wrote 2 profiles and one preset to ${path}, sealed to the passphrase`,
    ]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const everything = Object.values(filesOf(user.root)).join('\n');
    for (const secret of [value, ...Object.values(keys.app), ...Object.values(keys.brand)]) {
      expect(everything + stderr).not.toContain(secret);
    }
  });

  it.skipIf(!hasAge)('under a passphrase is opened by the age command', async () => {
    const here = setting();
    here.user.must(['backup', here.path, '--passphrase-file', '-'], { input: PASSPHRASE });
    const out = join(here.user.root, 'opened.json');
    const terminal = new Terminal(here.user, 'age', ['-d', '-o', out, here.path]);
    await terminal.answer('passphrase', `${PASSPHRASE}\r`);
    expect(await terminal.ended()).toBe(0);
    expectDocument(readFileSync(out, 'utf8'), here);
  });

  it.skipIf(!hasAge)('to several recipients is opened by each of them with the age command', () => {
    const here = setting();
    const { user, path } = here;
    const identities = ['one', 'two', 'three'].map((name) => {
      const identity = X25519Identity.generate();
      writeFileSync(join(user.root, name), identityText(identity));
      return { file: join(user.root, name), recipient: identity.recipient().encode() };
    });
    const [one, two, three] = identities.map(({ recipient }) => recipient);
    writeFileSync(join(user.root, 'recipients'), `# a friend\n${two}\n\n  ${three}\n${two}\n`);
    const options = ['--recipient', one ?? '', '--recipients-file', join(user.root, 'recipients')];
    expect(user.must(['backup', path, ...options]).stderr).toContain(', sealed to 3 recipients');
    expect(readFileSync(path, 'latin1').match(/^-> X25519/gm)).toHaveLength(3);
    for (const { file } of identities) {
      const { status, stdout } = spawnSync('age', ['-d', '-i', file, path], { encoding: 'utf8' });
      expect(status).toBe(0);
      expectDocument(stdout, here);
    }
    expect(spawnSync('age', ['-d', '-i', user.identityFile, path]).status).toBe(1);
  });

  it.skipIf(!python)('is read by a reader written from docs/format.md', () => {
    const { user, keys, value, path, words } = setting();
    const reads = (env: Record<string, string>, ...args: string[]) =>
      spawnSync(python ?? '', [READER, '--backup', ...args], {
        env: { PATH: process.env.PATH, ...env },
        encoding: 'utf8',
      });
    user.must(['backup', path, '--recipient', recipientOf(user)]);
    const { api_key, api_secret } = keys.app;
    const expected = { fields: { ...keys.brand }, extras: { EXTRA: value } };
    const byIdentity = reads({ TWVAULT_IDENTITY_FILE: user.identityFile }, path, 'brand');
    expect([byIdentity.status, byIdentity.stderr]).toEqual([0, '']);
    expect(JSON.parse(byIdentity.stdout)).toEqual(expected);
    user.must(['backup', path, '--force', '--passphrase-file', words]);
    const byPassphrase = reads({ TWVAULT_PASSPHRASE: PASSPHRASE }, path, 'app');
    expect(JSON.parse(byPassphrase.stdout).fields).toMatchObject({ api_key, api_secret });
    expect(reads({ TWVAULT_PASSPHRASE: 'another' }, path, 'app').status).toBe(1);
  });

  it('goes to standard output, and is opened by typage', async () => {
    const here = setting();
    const { user } = here;
    const script = `'${process.execPath}' '${join(import.meta.dirname, '../../bin/twvault.js')}' backup - --recipient ${recipientOf(user)} > out.age`;
    const { status, stderr } = spawnSync('sh', ['-c', script], {
      cwd: user.root,
      env: user.env as NodeJS.ProcessEnv,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    const decrypter = new Decrypter();
    decrypter.addIdentity(/^AGE-SECRET.*$/m.exec(readFileSync(user.identityFile, 'utf8'))?.[0] ?? '');
    expectDocument(await decrypter.decrypt(readFileSync(join(user.root, 'out.age')), 'text'), here);
  });

  it('takes the place of another only when told, and of nothing else', () => {
    const { user, path } = setting();
    const to = ['--recipient', recipientOf(user)];
    writeFileSync(path, 'something of mine');
    expect(outcome(user.run(['backup', path, ...to]))).toEqual([1, `${path} exists already`]);
    // Before anything is unlocked, and once more before it would be put in place.
    const locked = user.run(['backup', path, ...to], { env: { TWVAULT_IDENTITY_FILE: undefined } });
    expect(outcome(locked)).toEqual([1, `${path} exists already`]);
    expect(() => keepBackup(path, Buffer.from('sealed'), false)).toThrow('exists already');
    expect(readFileSync(path, 'utf8')).toBe('something of mine');
    user.must(['backup', path, '--force', ...to]);
    expect(readFileSync(path, 'utf8')).toMatch(/^age-encryption\.org\/v1\n/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const target = join(user.root, 'target');
    writeFileSync(target, 'untouched');
    symlinkSync(target, join(user.root, 'link'));
    user.must(['backup', join(user.root, 'link'), '--force', ...to]);
    expect(readFileSync(target, 'utf8')).toBe('untouched');
    mkdirSync(join(user.root, 'folder'));
    expect(user.run(['backup', join(user.root, 'folder'), '--force', ...to]).status).toBe(1);
    expect(outcome(user.run(['backup', join(user.root, 'no', 'file'), ...to]))).toEqual([
      1,
      `there is no folder ${join(user.root, 'no')}`,
    ]);
    expect(strays(Object.assign(Object.create(user) as User, { home: user.root }))).toEqual([]);
  });

  it.skipIf(!canTrace())('is not said to be there where a disk swallows what was written', () => {
    const { user } = setting();
    const path = join(user.home, 'backup.age'); // where calls are looked at
    const args = ['backup', path, '--force', '--recipient', recipientOf(user)];
    const call = callsAt(user, traced(user, args)).find(
      (each) => site(user, each) === 'pwrite64 backup.age.tmp',
    );
    const size = / = (\d+)$/.exec(call?.text ?? '')?.[1];
    const result = traced(user, args, '', `pwrite64:retval=${size}:when=${call?.when}`);
    expect(outcome(result)).toEqual([1, `${path} does not read back as it was written`]);
  });

  it('is not made where its key is wrong or missing, or a profile cannot be read', () => {
    const { user, path } = setting();
    const said = (...args: string[]) => outcome(user.run(['backup', path, ...args], { input: 'short' }));
    const key = recipientOf(user);
    expect(said()).toEqual([3, 'there is no terminal to ask for a passphrase']);
    expect(said('--recipient', 'age1nothing')).toEqual([
      2,
      "'age1nothing' is no age recipient that twvault seals to",
    ]);
    const secret = X25519Identity.generate().encode();
    expect(said('--recipient', secret)).toEqual([2, 'that is a secret key, and secrets are never arguments']);
    expect(said('--passphrase-file', '-')).toEqual([2, 'the passphrase is too short: 5 of 10 characters']);
    expect(said('--passphrase-file', '-', '--recipient', key)).toEqual([
      2,
      'a passphrase and recipients exclude each other',
    ]);
    expect(said('--recipients-file', join(user.root, 'nobody'))[0]).toBe(3);
    const record = join(user.home, 'profiles', 'app.age');
    writeFileSync(record, readFileSync(record).subarray(0, 400));
    expect(said('--recipient', key)).toEqual([
      1,
      expect.stringContaining('app.age is damaged or was altered'),
    ]);
    expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined();
    const empty = new User().withFileVault();
    expect(outcome(empty.run(['backup', path, '--recipient', key]))).toEqual([
      4,
      'there is no profile to back up',
    ]);
    expect(outcome(new User().run(['backup', path, '--recipient', key]))).toEqual([
      4,
      'there is no vault yet',
    ]);
  });
});
