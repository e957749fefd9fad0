import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { X25519Identity } from '../../src/age/x25519.ts';
import { Secret } from '../../src/profile/secret.ts';
import { identityText } from '../../src/unlock/identity-text.ts';
import { Editor } from '../../src/vault/editor.ts';
import { callsAt, canTrace, site, traced } from '../faults/strace.ts';
import { vaultIn } from '../faults/writers.ts';
import { User } from '../support/cli.ts';
import { sentinel } from '../support/credentials.ts';
import { outcome, userOf } from './login.ts';
import { hasSecretService, sharedService } from './secret-service.ts';

const config = (user: User) => JSON.parse(readFileSync(join(user.home, 'vault.json'), 'utf8'));
const serviceOf = (user: User) => `twvault:${config(user).vault.slice(0, 8)}`;
const records = (user: User) => readdirSync(join(user.home, 'profiles')).sort();
const list = (user: User) => JSON.parse(user.must(['list', '--json']).stdout);

/** An app, an account of it with an extra, and one more; the middle one is the default. */
function profilesOf(user: User) {
  const values = {
    'app api_key': user.add('app').api_key,
    'brand access_token': user.add('brand', undefined, '--inherit', 'app').access_token,
    'zoo access_token_secret': user.add('zoo').access_token_secret,
    'brand EXTRA': sentinel(),
  };
  user.must(['set', 'brand', 'EXTRA'], { input: values['brand EXTRA'] });
  user.must(['use', 'brand']);
  return values;
}

function expectValues(user: User, values: Record<string, string>): void {
  for (const [what, value] of Object.entries(values)) {
    expect([what, user.must(['get', ...what.split(' ')]).stdout]).toEqual([what, `${value}\n`]);
  }
}

describe.skipIf(!hasSecretService)('migrate, with an unlocked keychain', () => {
  const service = sharedService();

  const accounts = (name: string) =>
    (service().keytar('findCredentials', name) as { account: string }[]).map(({ account }) => account).sort();

  it('moves files into the keychain, keeps the files until told, and then deletes them', () => {
    const user = userOf(service()).withFileVault();
    const values = profilesOf(user);
    const before = list(user).map((each: object) => ({ ...each, store: 'keychain' }));
    const moved = user.must(['migrate', '--to', 'keychain']);
    expect(moved.stderr).toContain('moved 3 profiles to the keychain; each was read back and compared');
    expect(moved.stderr).toContain(
      'hint: encrypted files still hold the old copies: twvault migrate --delete-source',
    );
    expect(config(user).store).toBe('keychain');
    for (const name of ['app', 'brand', 'zoo']) {
      const { revision } = JSON.parse(readFileSync(join(user.home, 'index', `${name}.json`), 'utf8'));
      const item = service().keytar('getPassword', serviceOf(user), name) as string;
      expect(createHash('sha256').update(item).digest('hex')).toBe(revision);
    }
    // Nothing but the keychain opens them now.
    const { TWVAULT_IDENTITY_FILE, ...rest } = user.env;
    user.env = rest;
    expectValues(user, values);
    expect(list(user)).toEqual(before);
    expect(records(user)).toEqual(['app.age', 'brand.age', 'zoo.age']);
    user.must(['set', 'zoo', 'LATER'], { input: 'newer than the file' });
    user.must(['remove', 'app', '--detach', '--yes']);
    const { stderr } = user.must(['migrate', '--delete-source']);
    expect(stderr).toContain('deleted what was left in encrypted files: 3 records');
    expect(records(user)).toEqual([]);
    expect(Object.keys(config(user)).sort()).toEqual(
      ['default', 'fingerprintKey', 'format', 'service', 'store', 'vault'].sort(),
    );
    expect(existsSync(join(user.home, 'migration.json'))).toBe(false);
    expect(user.must(['get', 'zoo', 'LATER']).stdout).toBe('newer than the file\n');
    expect(user.must(['doctor']).stdout).not.toContain('PROBLEM');
    expect(outcome(user.run(['migrate', '--delete-source']))).toEqual([
      1,
      'there is nothing left in encrypted files',
    ]);
  });

  it.each([
    ['a passphrase', ['--passphrase', '--low-memory'], { TWVAULT_PASSPHRASE: 'four made-up words here' }],
    ['an identity in the keychain', ['--identity-in-keychain'], {}],
    ['an identity in a file', ['--identity-out', 'IDENTITY'], {}],
  ])(
    'moves the keychain into files that %s opens, and takes the items away',
    { timeout: 120_000 },
    (_, options, env) => {
      const user = userOf(service());
      user.env = { ...user.env, ...env };
      const values = profilesOfKeychain(user);
      const { service: name } = config(user);
      expect(accounts(name)).toEqual(['app', 'brand', 'zoo']);
      const args = options.map((each) => each.replace('IDENTITY', user.identityFile));
      const moved = user.must(['migrate', '--to', 'file', ...args, '--delete-source']);
      expect(moved.stderr).toContain('moved 3 profiles to encrypted files');
      expect(moved.stderr).toContain('deleted what was left in the keychain: 3 records');
      expect(accounts(name)).toEqual([]);
      if (options.includes('--identity-out')) user.env.TWVAULT_IDENTITY_FILE = user.identityFile;
      expectValues(user, values);
      expect(user.must(['show']).stdout).toContain('brand');
      expect(config(user)).not.toHaveProperty('service');
      expect(user.must(['doctor']).stdout).not.toContain('PROBLEM');
    },
  );

  /** The default vault of a keychain is made by the first add; a passphrase at hand would make files. */
  function profilesOfKeychain(user: User) {
    user.must(['init', '--store', 'keychain']);
    return profilesOf(user);
  }

  it('goes there and back; what was removed or renamed meanwhile does not come back', () => {
    const user = userOf(service()).withFileVault();
    const values = profilesOf(user);
    user.must(['migrate', '--to', 'keychain']);
    user.must(['set', 'brand', 'EXTRA'], { input: 'changed in the keychain' });
    user.must(['rename', 'zoo', 'ape']);
    const back = user.must(['migrate', '--to', 'file']);
    expect(back.stderr).toContain('hint: the keychain still holds the old copies');
    expect(records(user)).toEqual(['ape.age', 'app.age', 'brand.age']);
    const { 'zoo access_token_secret': secret, ...others } = values;
    expectValues(user, {
      ...others,
      'brand EXTRA': 'changed in the keychain',
      'ape access_token_secret': secret,
    });
    user.must(['remove', 'ape', '--yes']);
    expect(accounts(serviceOf(user))).toEqual(['ape', 'app', 'brand']);
    user.must(['migrate', '--to', 'keychain']);
    expect(accounts(serviceOf(user))).toEqual(['app', 'brand']);
    expect(list(user).map(({ name }: { name: string }) => name)).toEqual(['app', 'brand']);
  });

  it.each([
    ['identity.age', ['--passphrase', '--low-memory'], { TWVAULT_PASSPHRASE: 'four made-up words here' }],
    ['the identity in the keychain', ['--identity-in-keychain'], {}],
  ])('deletes %s along with the files', { timeout: 60_000 }, (_, options, env) => {
    const user = userOf(service());
    user.env = { ...user.env, ...env };
    user.must(['init', '--store', 'file', ...options]);
    const { api_key } = user.add('personal');
    user.must(['migrate', '--to', 'keychain', '--delete-source']);
    expect(readdirSync(user.home).sort()).toEqual(['index', 'profiles', 'vault.json']);
    expect(accounts('twvault')).not.toContain(`identity:${config(user).vault}`);
    expectValues(user, { 'personal api_key': api_key });
  });

  it('deletes files with standing recipients only after it named them and was told to', () => {
    const user = userOf(service()).withFileVault();
    user.add('personal');
    const [one, two] = [1, 2].map(() => X25519Identity.generate().recipient().encode());
    for (const each of [one, two]) user.must(['recipients', 'add', String(each), '--all']);
    const before = readFileSync(join(user.home, 'vault.json'), 'utf8');
    const refused = user.run(['migrate', '--to', 'keychain', '--delete-source']);
    const warning = /warning: with the encrypted files go the standing recipients: (.*)\n/;
    const named = (stderr: string) => warning.exec(stderr)?.[1]?.split(', ').sort();
    expect([refused.status, named(refused.stderr)]).toEqual([2, [one, two].sort()]);
    expect(refused.stderr).toContain('say --yes to delete them without asking');
    expect(readFileSync(join(user.home, 'vault.json'), 'utf8')).toBe(before);
    user.must(['migrate', '--to', 'keychain']);
    expect(user.run(['migrate', '--delete-source']).status).toBe(2);
    expect(records(user)).toEqual(['personal.age']);
    const { stderr } = user.must(['migrate', '--delete-source', '--yes']);
    expect(named(stderr)).toEqual([one, two].sort());
    expect(records(user)).toEqual([]);
    expect(config(user)).not.toHaveProperty('recipients');
  });

  it('a backup of the keychain is restored into files, and one of files into the keychain', () => {
    const user = userOf(service());
    user.must(['init', '--store', 'keychain']);
    const values = profilesOf(user);
    const key = X25519Identity.generate();
    writeFileSync(user.identityFile, identityText(key));
    const [one, two] = [join(user.root, 'one.age'), join(user.root, 'two.age')];
    user.must(['backup', one, '--recipient', key.recipient().encode()]);
    const other = userOf(service());
    other.env.TWVAULT_IDENTITY_FILE = user.identityFile;
    other.must(['restore', one, '--store', 'file']);
    expectValues(other, values);
    other.must(['set', 'brand', 'EXTRA'], { input: 'changed in files' });
    other.must(['backup', two, '--recipient', key.recipient().encode()]);
    const restored = user.must(['restore', two, '--identity', user.identityFile, '--replace']);
    expect(restored.stderr).toContain('1 replaced, 2 unchanged');
    expectValues(user, { ...values, 'brand EXTRA': 'changed in files' });
    // An item that was lost comes back; a keychain that only seems empty would be told apart by its probe.
    expect(service().keytar('deletePassword', config(user).service, 'zoo')).toBe(true);
    expect(outcome(user.run(['restore', two, '--identity', user.identityFile]))).toEqual([
      1,
      'zoo in the vault cannot be read: nothing was restored',
    ]);
    user.must(['restore', two, '--identity', user.identityFile, '--replace']);
    expectValues(user, { ...values, 'brand EXTRA': 'changed in files' });
  });

  it.skipIf(!canTrace())('stays where it is where a disk swallows what was written', () => {
    const user = userOf(service());
    user.must(['init', '--store', 'keychain']);
    const values = profilesOf(user);
    const args = ['migrate', '--to', 'file', '--identity-out', user.identityFile];
    const start = join(user.root, 'start');
    cpSync(user.home, start, { recursive: true });
    const call = callsAt(user, traced(user, args)).find(
      (each) => site(user, each) === 'pwrite64 profiles/brand.age.tmp',
    );
    for (const path of [user.home, user.identityFile]) rmSync(path, { recursive: true });
    cpSync(start, user.home, { recursive: true });
    const size = / = (\d+)$/.exec(call?.text ?? '')?.[1];
    const result = traced(user, args, '', `pwrite64:retval=${size}:when=${call?.when}`);
    expect(outcome(result)).toEqual([
      1,
      'brand could not be read back as it was written: the profiles stay where they are',
    ]);
    expect(config(user).store).toBe('keychain');
    expectValues(user, values);
    expect(user.must(['list']).stderr).toContain(
      'a move of the profiles to encrypted files was not finished',
    );
    user.must(args);
    user.env.TWVAULT_IDENTITY_FILE = user.identityFile;
    expectValues(user, values);
    expect(user.must(['list']).stderr).toBe('');
  });

  it('deletes nothing unless every profile opens from the new store', () => {
    const user = userOf(service()).withFileVault();
    profilesOf(user);
    user.must(['migrate', '--to', 'keychain']);
    expect(service().keytar('deletePassword', serviceOf(user), 'zoo')).toBe(true);
    expect(outcome(user.run(['migrate', '--delete-source']))).toEqual([
      3,
      'the keychain no longer has the item twvault/zoo',
    ]);
    expect(records(user)).toEqual(['app.age', 'brand.age', 'zoo.age']);
    expect(config(user).writer).toBeDefined();
  });

  it('deletes no record that never came into the new store', () => {
    const user = userOf(service()).withFileVault();
    profilesOf(user);
    user.must(['migrate', '--to', 'keychain']);
    writeFileSync(join(user.home, 'profiles', 'put-there.age'), 'by hand', { mode: 0o600 });
    expect(outcome(user.run(['migrate', '--delete-source']))).toEqual([
      1,
      'put-there in the old store never came into the new one: nothing was deleted',
    ]);
    expect(records(user)).toHaveLength(4);
  });

  it('an older copy put in the place of a moved record is noticed', () => {
    const user = userOf(service()).withFileVault();
    profilesOf(user);
    user.must(['migrate', '--to', 'keychain']);
    const name = serviceOf(user);
    const older = service().keytar('getPassword', name, 'brand') as string;
    user.must(['set', 'brand', 'EXTRA'], { input: 'newer' });
    service().keytar('setPassword', name, 'brand', older);
    expect(outcome(user.run(['get', 'brand', 'EXTRA']))).toEqual([
      1,
      'brand is older than what was last written, or not the file that was',
    ]);
    expect(outcome(user.run(['migrate', '--to', 'file']))[0]).toBe(1);
    expect(config(user).store).toBe('keychain');
  });

  it('who opened the vault before is told to run again, and writes nothing into the old store', async () => {
    const user = userOf(service()).withFileVault();
    profilesOf(user);
    const before = await vaultIn(user);
    await before.store.open();
    user.must(['migrate', '--to', 'keychain']);
    const told = 'the profiles have just been moved to another store';
    const file = readFileSync(join(user.home, 'profiles', 'zoo.age'));
    const change = { extras: new Map([['LATE', new Secret('too late')]]) };
    await expect(new Editor(before).update('zoo', change)).rejects.toThrow(told);
    await expect(new Editor(before).create('new', change)).rejects.toThrow(told);
    await expect(before.read('zoo')).rejects.toThrow(told);
    expect(readFileSync(join(user.home, 'profiles', 'zoo.age'))).toEqual(file);
    expect(records(user)).toEqual(['app.age', 'brand.age', 'zoo.age']);
    user.must(['migrate', '--delete-source']);
    await expect(before.read('zoo')).rejects.toThrow(told);
  });

  it('readers and writers meanwhile see every profile, or are told to run again', {
    timeout: 60_000,
  }, async () => {
    const user = userOf(service()).withFileVault();
    const values = profilesOf(user);
    let isMoving = true;
    const told: string[] = [];
    const others = async (args: string[], input: string, expected: string) => {
      let count = 0;
      for (; isMoving; count += 1) {
        const { status, stdout, stderr } = await user.start(args, { input });
        if (status === 0) expect(stdout).toBe(expected);
        else told.push(stderr);
      }
      return count;
    };
    const running = Promise.all([
      others(['get', 'brand', 'EXTRA'], '', `${values['brand EXTRA']}\n`),
      others(['set', 'zoo', 'COUNTER'], 'again', ''),
    ]);
    for (const to of ['keychain', 'file', 'keychain', 'file']) {
      const { status, stderr } = await user.start(['migrate', '--to', to]);
      expect([status, stderr]).toEqual([0, expect.stringContaining('moved 3 profiles')]);
    }
    isMoving = false;
    const counts = await running;
    console.log(`${counts} runs beside four moves, ${told.length} told to run again`);
    for (const each of told) {
      expect(each).toMatch(/^twvault: the profiles have just been moved to another store\n/);
    }
    expectValues(user, values);
  });
});

it('says what is missing, wrong, or there already', () => {
  const user = new User().withFileVault();
  user.add('personal');
  const message = (...args: string[]) => outcome(user.run(['migrate', ...args]));
  expect(message()).toEqual([2, 'say where to move the profiles: --to keychain or --to file']);
  expect(message('--to', 'file')).toEqual([1, 'the profiles are in encrypted files already']);
  expect(message('--to', 'keychain', '--passphrase')).toEqual([
    2,
    'the keychain store has no identity: those options belong to --to file',
  ]);
  expect(message('--to', 'keychain')).toEqual([3, 'no keychain: there is no D-Bus session here']);
  expect(message('--delete-source')).toEqual([1, 'there is nothing left in the keychain']);
  expect(existsSync(join(user.home, 'migration.json'))).toBe(false);
  expect(config(user).store).toBe('file');
});
