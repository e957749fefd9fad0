import { copyFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { open, seal } from '../../src/age/age.ts';
import { encodeArmor } from '../../src/age/armor.ts';
import { X25519Identity } from '../../src/age/x25519.ts';
import { passphraseRecipient } from '../../src/backup/sealed.ts';
import { profileToJson } from '../../src/profile/codec.ts';
import type { FieldName } from '../../src/profile/fields.ts';
import { Secret } from '../../src/profile/secret.ts';
import { Editor } from '../../src/vault/editor.ts';
import { callsAt, canTrace, site, traced } from '../faults/strace.ts';
import { vaultIn } from '../faults/writers.ts';
import { filesOf, outcome } from '../keychain/login.ts';
import { type Result, User } from '../support/cli.ts';
import { alphanumeric, generatedKeys } from '../support/credentials.ts';
import { backedUp } from './world.ts';

const report = (result: Result) =>
  JSON.parse(result.stdout).profiles as { profile: string; status: string }[];
const set = (user: User, profile: string, name: string, input: string) =>
  user.must(['set', profile, name], { input });
const get = (user: User, profile: string, name: string) => user.must(['get', profile, name]).stdout.trimEnd();

/** A vault of an app and an account of it, and its backup. */
function setting() {
  const user = new User().withFileVault();
  user.add('app');
  user.add('brand', undefined, '--inherit', 'app');
  set(user, 'brand', 'EXTRA', 'backed up');
  user.must(['use', 'brand']);
  return { user, path: backedUp(user) };
}

/** The same person on a new machine: an empty home, and the identity that the backup is sealed to. */
function onNewMachine(user: User): User {
  const other = new User();
  copyFileSync(user.identityFile, join(other.root, 'old-identity.txt'));
  return other;
}

const fresh = (user: User, path: string, ...more: string[]) => [
  'restore',
  path,
  '--identity',
  join(user.root, 'old-identity.txt'),
  '--identity-out',
  user.identityFile,
  ...more,
];

describe('restore into a fresh home', () => {
  it('of 100 profiles with inheritance and extras gives every value back', { timeout: 120_000 }, async () => {
    const user = new User().withFileVault();
    const vault = await vaultIn(user);
    const editor = new Editor(vault);
    for (let at = 0; at < 100; at += 1) {
      const { api_key, api_secret, ...tokens } = generatedKeys();
      const keys = at % 9 === 0 ? { api_key, api_secret, ...tokens } : tokens;
      await editor.create(`p${at}`, {
        fields: new Map(Object.entries(keys).map(([name, value]) => [name as FieldName, new Secret(value)])),
        extras: new Map([[`EXTRA_${at}`, new Secret(`ünïcode "${at}"\n\\`)]]),
        ...(at % 9 === 0 ? {} : { inherit: `p${at - 1}` }),
        ...(at % 7 === 0 ? { account: { id: String(at + 1), name: `name_${at}` } } : {}),
      });
    }
    const path = backedUp(user);
    const other = onNewMachine(user);
    const { stderr } = other.must(fresh(other, path));
    expect(stderr).toContain(': 100 added\n');
    other.env.TWVAULT_IDENTITY_FILE = other.identityFile;
    const restored = await vaultIn(other);
    expect(await restored.names()).toEqual(await vault.names());
    for (const name of await vault.names()) {
      const [before, after] = [await vault.chain(name), await restored.chain(name)];
      const content = (profiles: typeof before) =>
        profiles.map((each) => profileToJson({ ...each, generation: 1 }));
      expect(content(after)).toEqual(content(before));
      expect(after[0]?.generation).toBeGreaterThan(before[0]?.generation ?? 0);
    }
    expect(get(other, 'p98', 'api_key')).toBe(get(user, 'p90', 'api_key'));
    expect(other.must(['list', '--json']).stdout.replaceAll(other.home, user.home)).toBe(
      user.must(['list', '--json']).stdout,
    );
    expect(other.must(['doctor']).stdout).not.toContain('PROBLEM');
  });

  it('brings the default along, leaves modes and no trace', () => {
    const { user, path } = setting();
    const other = onNewMachine(user);
    other.must(fresh(other, path));
    other.env.TWVAULT_IDENTITY_FILE = other.identityFile;
    expect(other.must(['show']).stdout).toContain('brand');
    expect(readdirSync(other.home).sort()).toEqual(['index', 'profiles', 'vault.json']);
    expect(statSync(join(other.home, 'profiles', 'brand.age')).mode & 0o777).toBe(0o600);
    // The same command again has nothing to do, and uses the identity that it wrote before.
    expect(other.must(fresh(other, path)).stderr).toContain(': 2 unchanged\n');
  });

  it('sets nothing up where the backup does not open, or does not hold together', async () => {
    const { user, path } = setting();
    const other = onNewMachine(user);
    writeFileSync(join(other.root, 'old-identity.txt'), X25519Identity.generate().encode());
    expect(outcome(other.run(fresh(other, path)))).toEqual([
      3,
      `${path} is sealed to someone else than the identity at hand`,
    ]);
    expect(readdirSync(other.root)).not.toContain('vault');
    const orphan = join(user.root, 'orphan.age');
    const document = { format: 'twvault-backup-1', made: '2026-05-06T07:08:09Z', profiles: [orphanProfile] };
    writeFileSync(orphan, await seal(Buffer.from(JSON.stringify(document)), [recipientIn(user)]));
    copyFileSync(user.identityFile, join(other.root, 'old-identity.txt'));
    expect(outcome(other.run(fresh(other, orphan)))).toEqual([
      1,
      'lost inherits from gone, which is nowhere',
    ]);
    expect(readdirSync(other.root)).not.toContain('vault');
  });

  it('a dry run sets nothing up either', () => {
    const { user, path } = setting();
    const other = onNewMachine(user);
    const { stdout } = other.must(fresh(other, path, '--dry-run', '--json'));
    expect(JSON.parse(stdout).profiles).toEqual([
      { profile: 'app', status: 'new', action: 'add' },
      { profile: 'brand', status: 'new', action: 'add' },
    ]);
    expect(readdirSync(other.root)).not.toContain('vault');
  });
});

const orphanProfile = {
  profile: 'lost',
  generation: 1,
  created: '2026-05-06T07:08:09Z',
  updated: '2026-05-06T07:08:09Z',
  inherit: 'gone',
  fields: {},
  extras: {},
};
const identityIn = (user: User) =>
  X25519Identity.parse(/^AGE-SECRET-KEY.*$/m.exec(readFileSync(user.identityFile, 'utf8'))?.[0] ?? '');
const recipientIn = (user: User) => identityIn(user).recipient();

describe('restore into a vault that is there', () => {
  it('adds what is new, leaves what is the same, and stops as a whole where anything differs', () => {
    const { user, path } = setting();
    user.must(['remove', 'brand', '--yes']);
    set(user, 'app', 'EXTRA', 'since');
    expect(report(user.must(['restore', path, '--dry-run', '--json']))).toEqual([
      {
        profile: 'app',
        status: 'differs',
        action: 'stop',
        changed: [],
        onlyInBackup: [],
        onlyInVault: ['EXTRA'],
      },
      { profile: 'brand', status: 'new', action: 'add' },
    ]);
    const before = filesOf(user.home);
    const result = user.run(['restore', path]);
    expect(outcome(result)).toEqual([1, 'app in the vault differs from the backup: nothing was restored']);
    expect(filesOf(user.home)).toEqual(before);
    user.must(['unset', 'app', 'EXTRA']);
    expect(user.must(['restore', path]).stderr).toContain(': 1 added, 1 unchanged\n');
    expect(get(user, 'brand', 'EXTRA')).toBe('backed up');
  });

  it('--merge adds what is missing, and keeps what both have', () => {
    const { user, path } = setting();
    set(user, 'brand', 'EXTRA', 'mine');
    set(user, 'brand', 'MINE', 'mine too');
    const key = get(user, 'app', 'api_key');
    user.must(['unset', 'app', 'api_key']);
    expect(user.must(['restore', path, '--merge']).stderr).toContain(': 1 merged, 1 unchanged\n');
    expect(get(user, 'app', 'api_key')).toBe(key);
    expect([get(user, 'brand', 'EXTRA'), get(user, 'brand', 'MINE')]).toEqual(['mine', 'mine too']);
  });

  it("--replace takes the backup's version, and leaves other profiles alone", () => {
    const { user, path } = setting();
    const other = user.add('other');
    set(user, 'brand', 'EXTRA', 'mine');
    set(user, 'brand', 'MINE', 'mine too');
    const older = join(user.root, 'older.age');
    const record = join(user.home, 'profiles', 'brand.age');
    copyFileSync(record, older);
    user.must(['use', 'other']);
    expect(user.must(['restore', path, '--replace']).stderr).toContain(': 1 replaced, 1 unchanged\n');
    expect(get(user, 'brand', 'EXTRA')).toBe('backed up');
    expect(user.run(['get', 'brand', 'MINE']).status).toBe(4);
    expect(get(user, 'other', 'api_key')).toBe(other.api_key);
    expect(user.must(['show', '--json']).stdout).toContain('"name": "other"');
    // What was replaced is an older copy from now on.
    copyFileSync(older, record);
    expect(outcome(user.run(['get', 'brand', 'EXTRA']))).toEqual([
      1,
      'brand is older than what was last written, or not the file that was',
    ]);
  });

  it('--replace mends a record that cannot be read, and nothing else touches it', () => {
    const { user, path } = setting();
    const record = join(user.home, 'profiles', 'app.age');
    const key = get(user, 'app', 'api_key');
    writeFileSync(record, readFileSync(record).subarray(0, 300));
    const { stdout } = user.must(['restore', path, '--dry-run']);
    expect(stdout).toMatch(/^app +unreadable +stop +.*app\.age is damaged or was altered/m);
    for (const mode of [[], ['--merge']]) {
      expect(outcome(user.run(['restore', path, ...mode]))).toEqual([
        1,
        'app in the vault cannot be read: nothing was restored',
      ]);
    }
    user.must(['restore', path, '--replace']);
    expect(get(user, 'app', 'api_key')).toBe(key);
    rmSync(record);
    user.must(['restore', path, '--replace']);
    expect(user.must(['doctor']).stdout).not.toContain('PROBLEM');
  });

  it('refuses a merge that would make a circle', () => {
    const user = new User().withFileVault();
    user.add('a');
    user.add('b', undefined, '--inherit', 'a');
    const path = backedUp(user);
    user.must(['remove', 'b', '--yes']);
    user.must(['remove', 'a', '--yes']);
    user.add('b');
    user.add('a', undefined, '--inherit', 'b');
    expect(outcome(user.run(['restore', path, '--merge']))).toEqual([1, 'a would inherit from itself']);
  });

  it.skipIf(!canTrace())('says that a restore was not finished, and goes on with it', () => {
    const { user, path } = setting();
    const args = ['restore', path];
    user.must(['remove', 'brand', '--yes']);
    const dry = traced(user, args);
    const call = callsAt(user, dry).find((each) => site(user, each) === 'rename profiles/brand.age.tmp');
    user.must(['remove', 'brand', '--yes']);
    const result = traced(user, args, '', `rename:error=ENOSPC:when=${call?.when}`);
    expect(outcome(result)).toEqual([
      1,
      expect.stringMatching(/^cannot write .*brand\.age: no space left on device$/),
    ]);
    expect(result.stderr).toMatch(
      /hint: the restore is not finished: each profile is as before or as in the backup/,
    );
    expect(user.must(['list']).stderr).toContain(`warning: a restore of ${path} was not finished`);
    expect(JSON.parse(user.must(['list', '--json']).stdout)).toHaveLength(1);
    const going = 'an earlier restore of this file was not finished: going on';
    expect(user.must(args).stderr).toContain(going);
    expect(user.must(['list']).stderr).toBe('');
    expect(user.must(args).stderr).not.toContain(going);
    expect(get(user, 'brand', 'EXTRA')).toBe('backed up');
  });

  it('warns of a login that may have gone on since', () => {
    const { user } = setting();
    set(user, 'brand', 'oauth2_refresh_token', alphanumeric(91));
    const path = backedUp(user, 'login.age');
    user.must(['remove', 'brand', '--yes']);
    expect(user.must(['restore', path]).stderr).toContain(
      'warning: the OAuth 2.0 login of brand may have been renewed since the backup',
    );
  });
});

describe('presets of the home', () => {
  const LEGACY = { legacy: { api_key: 'BOT_KEY' } };
  const presetsOf = (user: User) => JSON.parse(readFileSync(presetsIn(user), 'utf8'));
  const presetsIn = (user: User) => join(user.home, 'presets.json');
  const write = (user: User, presets: object) =>
    writeFileSync(presetsIn(user), JSON.stringify(presets), { mode: 0o600 });

  /** A vault with a preset, and its backup. */
  function withPreset() {
    const user = new User().withFileVault();
    user.add('app');
    write(user, LEGACY);
    return { user, path: backedUp(user) };
  }

  it('come back in a fresh home, in a private file', () => {
    const { user, path } = withPreset();
    const other = onNewMachine(user);
    expect(other.must(fresh(other, path)).stderr).toContain(': 1 added; presets: 1 added\n');
    expect(presetsOf(other)).toEqual(LEGACY);
    expect(statSync(presetsIn(other)).mode & 0o777).toBe(0o600);
  });

  it('that differ stop the whole restore; --merge keeps the own ones, --replace takes the others', () => {
    const { user, path } = withPreset();
    const mine = { legacy: { api_key: 'MINE' }, own: { api_secret: 'OWN' } };
    write(user, mine);
    user.must(['remove', 'app', '--yes']);
    const stop = { preset: 'legacy', status: 'differs', action: 'stop' };
    const dry = user.must(['restore', path, '--dry-run', '--json']);
    expect(JSON.parse(dry.stdout).presets).toEqual([stop]);
    expect(user.must(['restore', path, '--dry-run']).stdout).toMatch(/^legacy +differs +stop$/m);
    const before = filesOf(user.home);
    expect(outcome(user.run(['restore', path]))).toEqual([
      1,
      'the preset legacy in the vault differs from the backup: nothing was restored',
    ]);
    expect(filesOf(user.home)).toEqual(before);
    expect(user.must(['restore', path, '--merge']).stderr).toContain('1 added; presets: 1 unchanged');
    expect(presetsOf(user)).toEqual(mine);
    expect(user.must(['restore', path, '--replace']).stderr).toContain('1 unchanged; presets: 1 replaced');
    expect(presetsOf(user)).toEqual({ ...mine, ...LEGACY });
  });

  it('that cannot be read stop a backup and a restore', () => {
    const { user, path } = withPreset();
    writeFileSync(presetsIn(user), 'damaged');
    const refused = [1, `${presetsIn(user)} is refused: not JSON`];
    expect(outcome(user.run(['restore', path, '--replace']))).toEqual(refused);
    expect(outcome(user.run(['backup', join(user.root, 'again.age')]))).toEqual(refused);
    expect(readFileSync(presetsIn(user), 'utf8')).toBe('damaged');
  });

  it('stay as they are where the backup has none', () => {
    const { user, path } = setting();
    write(user, LEGACY);
    expect(JSON.parse(user.must(['restore', path, '--replace', '--json']).stdout).presets).toEqual([]);
    expect(presetsOf(user)).toEqual(LEGACY);
  });
});

describe('the file', { timeout: 120_000 }, () => {
  it('comes from standard input too, and armored, with a passphrase or an identity', async () => {
    const { user, path } = setting();
    const bytes = readFileSync(path);
    expect(user.must(['restore', '-'], { input: bytes }).stderr).toContain('2 unchanged');
    expect(user.must(['restore', '-'], { input: encodeArmor(bytes) }).stderr).toContain('2 unchanged');
    const sealed = await seal(Buffer.from(await opened(user, bytes)), [
      passphraseRecipient(new Secret('made up words')),
    ]);
    writeFileSync(join(user.root, 'words'), 'made up words\n');
    const words = ['--passphrase-file', join(user.root, 'words')];
    expect(user.must(['restore', '-', ...words], { input: sealed }).stderr).toContain('2 unchanged');
    const file = join(user.root, 'sealed.age');
    writeFileSync(file, sealed);
    const said = (args: string[], input = '') => outcome(user.run(['restore', ...args], { input }));
    expect(said([file, '--passphrase-file', '-'], 'made up words')).toEqual([
      0,
      expect.stringContaining('2 unchanged'),
    ]);
    expect(said([file, '--passphrase-file', '-'], 'others')).toEqual([3, 'wrong passphrase']);
    expect(said([file])).toEqual([3, 'there is no terminal to ask for the passphrase']);
    expect(said([file, '--identity', user.identityFile])).toEqual([
      2,
      `${file} is sealed to a passphrase, not to a key`,
    ]);
    expect(said([path, ...words])).toEqual([2, `${path} is sealed to a key, not to a passphrase`]);
    expect(said(['-', '--passphrase-file', '-'])).toEqual([2, 'standard input cannot be both']);
    expect(said([path, '--merge', '--replace'])).toEqual([2, '--merge and --replace exclude each other']);
    expect(said([path, '--store', 'keychain'])).toEqual([1, 'there is a vault already, with the file store']);
    expect(said([join(user.root, 'nothing')])).toEqual([
      1,
      expect.stringMatching(/^cannot read .*no such file/),
    ]);
  });

  it('that is none, damaged, or holds something else is refused in one line, and nothing is written', async () => {
    const { user, path } = setting();
    const bytes = readFileSync(path);
    const before = filesOf(user.home);
    const flipped = Buffer.from(bytes);
    flipped[flipped.length - 20] = (flipped.at(-20) ?? 0) ^ 1;
    const other = await seal(Buffer.from('{"secret": "sEcReT'), [recipientIn(user)]);
    for (const [content, reason] of [
      [Buffer.from('hello'), /is no age file, or was damaged/],
      [flipped, /is no age file, or was damaged/],
      [bytes.subarray(0, -1), /is no age file, or was damaged/],
      [Buffer.alloc(0), /is no age file, or was damaged/],
      [other, /is no backup that can be restored: not JSON/],
    ] as const) {
      const { status, stderr } = user.run(['restore', '-', '--replace'], { input: content });
      expect(status).toBe(1);
      expect(stderr).toMatch(reason);
      expect(stderr).not.toContain('sEcReT');
      expect(stderr).not.toContain('internal error');
    }
    expect(filesOf(user.home)).toEqual(before);
  });
});

const opened = (user: User, bytes: Uint8Array) => open(bytes, [identityIn(user)]);
