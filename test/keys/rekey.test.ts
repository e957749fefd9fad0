import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scryptWorkFactor } from '../../src/age/scrypt.ts';
import { Secret } from '../../src/profile/secret.ts';
import { openWithPassphrase } from '../../src/unlock/sealed-identity.ts';
import { Editor } from '../../src/vault/editor.ts';
import { callsAt, canTrace, site, traced } from '../faults/strace.ts';
import { isLocked, strays, vaultIn } from '../faults/writers.ts';
import { login } from '../keychain/login.ts';
import { hasSecretService, type SecretService } from '../keychain/secret-service.ts';
import { python, reads } from '../reader/python.ts';
import { User } from '../support/cli.ts';
import { generatedKeys, type Keys } from '../support/credentials.ts';
import { ageOpens, configOf, Holder, hasAge, keysIn, profilePath } from './holder.ts';

const PASSPHRASE = 'the passphrase stays';

const get = (user: User, name = 'personal') => user.run(['get', name, 'api_key']);
const newFile = (user: User) => join(user.root, 'new.txt');
const rekeyed = (user: User) => user.run(['rekey', '--yes', '--identity-out', newFile(user)]);
const withNew = (user: User) => ({ ...user.env, TWVAULT_IDENTITY_FILE: newFile(user) });
const changed = (value: string) => ({ extras: new Map([['CHANGED', new Secret(value)]]) });

function setting(): { user: User; keys: Keys } {
  const user = new User().withFileVault();
  const keys = user.add('personal');
  user.add('other');
  return { user, keys };
}

/** Nothing is left of an exchange: one identity, no successor, no temporary file, no lock. */
function expectEnded(user: User): void {
  expect(configOf(user)).not.toHaveProperty('successor');
  expect([strays(user), isLocked(user)]).toEqual([[], false]);
}

describe('rekey where the user keeps the identity', () => {
  it.skipIf(!hasAge)('writes a new one to a new file, and the old one opens only what is old', () => {
    const { user, keys } = setting();
    const copy = join(user.root, 'copy.age');
    copyFileSync(profilePath(user), copy);
    const before = configOf(user);
    const { status, stderr } = rekeyed(user);
    expect([status, stderr]).toEqual([0, expect.stringContaining('2 profiles were sealed to it')]);
    expect(stderr).toContain(`the new identity is in ${newFile(user)} and nowhere else`);
    expect(keysIn(readFileSync(newFile(user), 'utf8'))).toHaveLength(1);
    expect(statSync(newFile(user)).mode & 0o777).toBe(0o600);
    expectEnded(user);
    const after = configOf(user);
    for (const member of ['recipient', 'writer', 'pin']) expect(after[member]).not.toBe(before[member]);
    expect([after.vault, after.fingerprintKey]).toEqual([before.vault, before.fingerprintKey]);

    for (const name of ['personal', 'other']) {
      expect(ageOpens(user.identityFile, profilePath(user, name))).toBeNull();
      expect(ageOpens(newFile(user), profilePath(user, name))).toContain('api_key');
    }
    expect(ageOpens(user.identityFile, copy)).toContain(keys.api_secret);
    const old = get(user);
    expect([old.status, old.stderr]).toEqual([
      3,
      expect.stringMatching(/twvault rekey may have exchanged it/),
    ]);

    user.env = withNew(user);
    expect(get(user).stdout).toBe(`${keys.api_key}\n`);
    user.must(['set', 'personal', 'EXTRA'], { input: 'later' });
    copyFileSync(copy, profilePath(user));
    expect(get(user).status).toBe(3);
  });

  it('can be done again, each time to a new file', () => {
    const { user, keys } = setting();
    expect(rekeyed(user).status).toBe(0);
    user.env = withNew(user);
    const again = rekeyed(user);
    expect([again.status, again.stderr]).toEqual([1, expect.stringMatching(/new\.txt exists already/)]);
    const file = join(user.root, 'third.txt');
    expect(user.run(['rekey', '--yes', '--identity-out', file]).status).toBe(0);
    user.env = { ...user.env, TWVAULT_IDENTITY_FILE: file };
    expect(get(user).stdout).toBe(`${keys.api_key}\n`);
  });

  it('leaves a file alone that holds other keys of the user', () => {
    const { user } = setting();
    const [mine, other] = [new Holder(user, 'a'), new Holder(user, 'b')];
    const text = `${readFileSync(user.identityFile, 'utf8')}${mine.identity.encode()}\n${other.identity.encode()}\n`;
    writeFileSync(user.identityFile, text);
    expect(user.run(['rekey', '--yes'])).toMatchObject({ status: 2 });
    const { status } = user.run(['rekey', '--yes', '--identity-out', user.identityFile]);
    expect([status, readFileSync(user.identityFile, 'utf8')]).toEqual([1, text]);
    expect(rekeyed(user).status).toBe(0);
    expect(keysIn(readFileSync(newFile(user), 'utf8'))).toHaveLength(1);
    expect(readFileSync(user.identityFile, 'utf8')).toBe(text);
  });

  it('begins nothing where a profile cannot be read, where it is not confirmed, or with a foreign identity', () => {
    const { user } = setting();
    const before = readFileSync(join(user.home, 'vault.json'), 'utf8');
    expect(user.run(['rekey', '--identity-out', newFile(user)])).toMatchObject({ status: 2 });
    expect(user.run(['rekey', '--yes'])).toMatchObject({ status: 2 });
    const foreign = user.run(['rekey', '--yes', '--identity-out', newFile(user)], {
      env: { TWVAULT_IDENTITY_FILE: new Holder(user, 'foreign').file },
    });
    expect(foreign).toMatchObject({ status: 3 });
    writeFileSync(profilePath(user, 'other'), 'damaged');
    const { status, stderr } = rekeyed(user);
    expect([status, stderr]).toEqual([1, expect.stringMatching(/other\.age is damaged/)]);
    expect(readFileSync(join(user.home, 'vault.json'), 'utf8')).toBe(before);
    expect(() => statSync(newFile(user))).toThrow(/ENOENT/);
    expect([strays(user), isLocked(user)]).toEqual([[], false]);
  });

  it.skipIf(!hasAge)('keeps further recipients, and those of new profiles', () => {
    const { user } = setting();
    const recovery = new Holder(user, 'recovery');
    user.must(['recipients', 'add', recovery.recipient, '--all']);
    expect(rekeyed(user).status).toBe(0);
    user.env = withNew(user);
    user.add('third');
    for (const name of ['personal', 'other', 'third'])
      expect(ageOpens(recovery.file, profilePath(user, name))).toContain('api_key');
  });
});

describe.skipIf(!canTrace())('an exchange that failed on the way', { timeout: 120_000 }, () => {
  /** Runs rekey with an error at the call that `wanted` names. */
  function failing(user: User, wanted: string, error: string) {
    const probe = new User();
    probe.withFileVault().add('personal');
    probe.add('other');
    const args = (of: User) => ['rekey', '--yes', '--identity-out', newFile(of)];
    const dry = traced(probe, args(probe));
    const call = callsAt(probe, dry).find((each) => site(probe, each) === wanted);
    if (!call) throw new Error(`no such call: ${wanted}`);
    return traced(user, args(user), '', `${call.name}:error=${error}:when=${call.when}`);
  }

  it('opens with both identities, tells the old one what is so, and is ended by another run', () => {
    const { user, keys } = setting();
    const old = { ...user.env };
    // The names come sorted: other is sealed to the new identity, personal is not.
    const { status, stderr } = failing(user, 'rename profiles/personal.age.tmp', 'EIO');
    expect([status, stderr]).toEqual([1, expect.stringMatching(/cannot write .*personal\.age: i\/o error/)]);
    expect(stderr).toMatch(/hint: every profile still opens; .* twvault rekey ends what it began\n$/);
    expect(configOf(user)).toHaveProperty('successor');
    expect(keysIn(readFileSync(newFile(user), 'utf8'))).toHaveLength(2);

    user.env = withNew(user);
    for (const name of ['personal', 'other']) {
      expect(get(user, name).status).toBe(0);
      if (python) expect(reads(user, name)).toMatchObject({ status: 0, stderr: '' });
    }
    user.must(['set', 'other', 'EXTRA'], { input: 'during' });
    expect(user.run(['doctor']).stdout).toMatch(/^PROBLEM +exchange: .*\n +-> twvault rekey$/m);
    user.env = old;
    expect(get(user, 'personal').stdout).toBe(`${keys.api_key}\n`);
    for (const args of [
      ['get', 'other', 'api_key'],
      ['set', 'personal', 'EXTRA'],
    ]) {
      const refused = user.run(args, { input: 'x' });
      expect(refused.status).toBe(3);
      expect(refused.stderr).toMatch(
        /^twvault: the identity of this vault was exchanged, and .* is the old one\n/,
      );
    }

    const second = rekeyed(user);
    expect([second.status, second.stderr]).toEqual([0, expect.stringContaining('had been interrupted')]);
    expectEnded(user);
    user.env = withNew(user);
    expect(get(user).stdout).toBe(`${keys.api_key}\n`);
    expect(user.must(['get', 'other', 'EXTRA']).stdout).toBe('during\n');
    expect(keysIn(readFileSync(newFile(user), 'utf8'))).toHaveLength(1);
  });

  it.each([
    ['openat', 'ENOSPC', /no space left on device/],
    ['fsync', 'EIO', /i\/o error/],
  ])('%s %s before anything is named leaves the vault as it was', (call, error, words) => {
    const { user, keys } = setting();
    const before = readFileSync(join(user.home, 'vault.json'), 'utf8');
    const { status, stderr } = failing(user, `${call} vault.json.tmp`, error);
    expect([status, stderr]).toEqual([1, expect.stringMatching(words)]);
    expect(readFileSync(join(user.home, 'vault.json'), 'utf8')).toBe(before);
    expect(get(user).stdout).toBe(`${keys.api_key}\n`);
    expect([strays(user), isLocked(user)]).toEqual([[], false]);
    expect(rekeyed(user).status).toBe(0);
    expectEnded(user);
  });
});

describe('rekey under a passphrase', { timeout: 120_000 }, () => {
  it('keeps passphrase and cost, and makes old copies of identity.age worthless', async () => {
    const user = new User();
    user.env = { ...user.env, TWVAULT_PASSPHRASE: PASSPHRASE };
    user.must(['init', '--store', 'file', '--passphrase', '--low-memory']);
    const keys = user.add('personal');
    const path = join(user.home, 'identity.age');
    const before = readFileSync(path);
    const open = await vaultIn(user);
    await open.read('personal');

    expect(user.run(['rekey', '--yes', '--identity-out', newFile(user)])).toMatchObject({ status: 2 });
    const [present] = await openWithPassphrase(before, new Secret(PASSPHRASE), path);
    const { stderr } = user.must(['rekey', '--yes'], { env: { TWVAULT_IDENTITY: present.encode() } });
    expect(stderr).toContain('one profile was sealed to it');
    expect(stderr).toContain('the environment gives the old identity');
    expectEnded(user);
    const after = readFileSync(path);
    expect(scryptWorkFactor(after)).toBe(17);
    const [then, ...none] = await openWithPassphrase(before, new Secret(PASSPHRASE), path);
    const [now, ...neither] = await openWithPassphrase(after, new Secret(PASSPHRASE), path);
    expect([none, neither]).toEqual([[], []]);
    expect(now.encode()).not.toBe(then.encode());
    expect(configOf(user).recipient).toBe(now.recipient().encode());
    expect(ageOpens(new Holder(user, 'then', then).file, profilePath(user))).toBeNull();
    expect(get(user).stdout).toBe(`${keys.api_key}\n`);

    // A program that had the vault open goes on: it finds the new identity by itself.
    expect((await open.read('personal')).fields.get('api_key')?.secret.reveal()).toBe(keys.api_key);
    await new Editor(open).update('personal', changed('by a running program'));
    await new Editor(open).create('made', changed('meanwhile'));
    expect(user.must(['get', 'personal', 'CHANGED']).stdout).toBe('by a running program\n');
    expect(user.must(['get', 'made', 'CHANGED']).stdout).toBe('meanwhile\n');
  });
});

const account = (user: User) => `identity:${configOf(user).vault}`;
const kept = (user: User, service: SecretService) =>
  service.keytar('getPassword', 'twvault', account(user)) as string;

/** The vault as this process sees it, which is not on the user's bus. */
const opened = (user: User, service: SecretService) =>
  vaultIn(Object.assign(Object.create(user) as User, { env: { TWVAULT_IDENTITY: kept(user, service) } }));

describe.skipIf(!hasSecretService)('rekey with the identity in the keychain', { timeout: 240_000 }, () => {
  it('100 profiles, while 4 processes write: everything is there, sealed to the new one', async () => {
    const user = new User();
    const service = await login(user, 'unlocked');
    user.must(['init', '--identity-in-keychain']);
    const editor = new Editor(await opened(user, service));
    const names = Array.from({ length: 100 }, (_, at) => `p${String(at).padStart(3, '0')}`);
    for (const name of names) await editor.create(name, changed(name));
    const before = keysIn(kept(user, service));

    let isRunning = true;
    const written = new Map<string, string>();
    const writer = async (id: number) => {
      for (let at = 0; isRunning; at += 1) {
        const name = names[(id * 25 + at) % names.length] as string;
        const value = `${id}/${at}`;
        const { status, stderr } = await user.start(['set', name, `BY_${id}`], { input: value });
        expect([status, stderr]).toEqual([0, expect.stringContaining('stored')]);
        written.set(`${name} BY_${id}`, value);
        const made = await user.start(['set', `w${id}`, 'AT'], { input: value });
        if (made.status === 4) await user.start(['copy', name, `w${id}`]);
      }
    };
    const exchange = user.start(['rekey', '--yes']).finally(() => {
      isRunning = false;
    });
    await Promise.all([exchange, ...[0, 1, 2, 3].map(writer)]);
    const { status, stderr } = await exchange;
    expect([status, stderr]).toEqual([0, expect.stringContaining('the vault has a new identity')]);

    const after = keysIn(kept(user, service));
    expect([before, after].map((keys) => keys.length)).toEqual([1, 1]);
    expect(after).not.toEqual(before);
    expect(service.keytar('getPassword', 'twvault', `${account(user)}:spare`)).toBeNull();
    expectEnded(user);
    const vault = await opened(user, service);
    for (const name of names)
      expect((await vault.read(name)).extras.get('CHANGED')?.secret.reveal()).toBe(name);
    for (const [place, value] of written) {
      const [name = '', extra = ''] = place.split(' ');
      expect((await vault.read(name)).extras.get(extra)?.secret.reveal()).toBe(value);
    }
    expect(written.size).toBeGreaterThanOrEqual(4);
    expect((await vault.names()).length).toBeGreaterThan(100);
    for (const name of await vault.names()) expect((await vault.read(name)).name).toBe(name);
  });

  it('finds the identity in its spare item where the first is gone, and puts it back', async () => {
    const user = new User();
    const service = await login(user, 'unlocked');
    user.must(['init', '--identity-in-keychain']);
    user.add('personal', generatedKeys());
    service.keytar('setPassword', 'twvault', `${account(user)}:spare`, kept(user, service));
    service.keytar('deletePassword', 'twvault', account(user));
    expect(get(user).status).toBe(0);
    user.must(['rekey', '--yes']);
    expect(service.keytar('getPassword', 'twvault', `${account(user)}:spare`)).toBeNull();
    expect(get(user).status).toBe(0);
    expect(user.run(['passwd']).stderr).toContain("its identity is in the operating system's keychain");
  });
});
