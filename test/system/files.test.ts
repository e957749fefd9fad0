import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lchownSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPrivate, ensurePrivateDirectory, replaceFile, tighten } from '../../src/system/files.ts';
import { type Result, temporaryFolder, User } from '../support/cli.ts';

const isWindows = process.platform === 'win32';
const isRoot = process.geteuid?.() === 0;
if (!isRoot) console.log('skipped: files of another user (needs root to make them)');

const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8);

function underUmask<T>(mask: number, action: () => T): T {
  const before = process.umask(mask);
  try {
    return action();
  } finally {
    process.umask(before);
  }
}

/** Every file and folder under a path, with its mode. */
function modesUnder(path: string): Record<string, string> {
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return Object.fromEntries(['', ...names].map((name) => [name, modeOf(join(path, name))]));
}

function isDirectory(path: string): boolean {
  return statSync(path).isDirectory();
}

describe.skipIf(isWindows).each([0o000, 0o077, 0o777])('under umask %o', (mask) => {
  it('the vault is made and changed with files 0600 and folders 0700', () => {
    const user = new User();
    underUmask(mask, () => {
      user.withFileVault();
      user.add('personal');
      user.must(['set', 'personal', 'TOKEN'], { input: 'value' });
      user.must(['use', 'personal']);
      user.must(['copy', 'personal', 'brand']);
    });
    const wrong = Object.entries(modesUnder(user.home)).filter(
      ([name, mode]) => mode !== (isDirectory(join(user.home, name)) ? '700' : '600'),
    );
    expect(wrong).toEqual([]);
    expect(modeOf(user.identityFile)).toBe('600');
    expect(user.must(['get', 'brand', 'TOKEN']).stdout).toBe('value\n');
  });

  it('a home deep in folders that are not there yet is reachable afterwards', () => {
    const path = join(temporaryFolder(), 'one', 'two', 'vault');
    underUmask(mask, () => ensurePrivateDirectory(path));
    for (const each of [path, dirname(path), dirname(dirname(path))])
      expect([each, modeOf(each)]).toEqual([each, '700']);
  });

  it('a private file is 0600 when it is new, replaced or created', () => {
    const folder = temporaryFolder();
    const [replaced, created, shared] = ['a', 'b', 'c'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(replaced, 'loose', { mode: 0o666 });
    underUmask(mask, () => {
      replaceFile(replaced, Buffer.from('new'));
      createPrivate(created, Buffer.from('new'));
      replaceFile(shared, Buffer.from('new'), undefined, 0o644);
    });
    expect([replaced, created, shared].map(modeOf)).toEqual(['600', '600', '644']);
    expect(readFileSync(replaced, 'utf8')).toBe('new');
  });
});

/** What may stand in the place of something of the vault's, and the command that meets it there. */
const PLACES: [what: string, path: (user: User) => string][] = [
  ['the home', (user) => user.home],
  ['vault.json', (user) => join(user.home, 'vault.json')],
  ['a profile', (user) => join(user.home, 'profiles', 'personal.age')],
  ['an index file', (user) => join(user.home, 'index', 'personal.json')],
];
const FILES = PLACES.slice(1);

function userWithProfile(): User {
  const user = new User().withFileVault();
  user.add('personal');
  return user;
}

/** A command that reads and one that writes are refused alike, in one line with a hint where there is one. */
function expectRefusedEverywhere(user: User, message: RegExp): void {
  for (const args of [
    ['get', 'personal', 'api_key'],
    ['set', 'personal', 'TOKEN'],
  ]) {
    expectRefused(user.run(args, { input: 'value' }), message);
  }
}

function expectRefused({ status, stdout, stderr }: Result, message: RegExp): void {
  expect(stderr).toMatch(message);
  expect(stderr.split('\n').filter((line) => line && !line.startsWith('twvault: hint: '))).toHaveLength(1);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
}

describe.skipIf(isWindows)('a symbolic link is refused in place of', () => {
  it.each(PLACES)('%s', (_, pathOf) => {
    const user = userWithProfile();
    const path = pathOf(user);
    const aside = join(user.root, 'aside');
    renameSync(path, aside);
    symlinkSync(aside, path);
    expectRefusedEverywhere(user, new RegExp(`^twvault: ${path} is a symbolic link\n`));
    rmSync(path);
    renameSync(aside, path);
    expect(user.run(['get', 'personal', 'api_key']).status).toBe(0);
  });

  it.each(PLACES)('%s, where it leads nowhere', (_, pathOf) => {
    const user = userWithProfile();
    const path = pathOf(user);
    const target = join(user.root, 'nowhere');
    rmSync(path, { recursive: true });
    symlinkSync(target, path);
    expectRefusedEverywhere(user, new RegExp(`^twvault: ${path} is a symbolic link\n`));
    expect(readdirSync(user.root)).not.toContain('nowhere');
  });

  it.each(['profiles', 'index'])('the folder %s', (folder) => {
    const user = userWithProfile();
    const path = join(user.home, folder);
    const aside = join(user.root, 'aside');
    renameSync(path, aside);
    symlinkSync(aside, path);
    expectRefusedEverywhere(user, new RegExp(`^twvault: ${path} is a symbolic link\n`));
  });
});

describe.skipIf(isWindows)('a second hard link is refused on', () => {
  it.each(FILES)('%s', (_, pathOf) => {
    const user = userWithProfile();
    linkSync(pathOf(user), join(user.root, 'second'));
    expectRefusedEverywhere(user, new RegExp(`^twvault: ${pathOf(user)} has more than one hard link\n`));
  });
});

describe.skipIf(isWindows || !isRoot)('another owner is refused on', () => {
  it.each(PLACES)('%s', (_, pathOf) => {
    const user = userWithProfile();
    chownSync(pathOf(user), 12345, 12345);
    expectRefusedEverywhere(
      user,
      new RegExp(`^twvault: ${pathOf(user)} belongs to another user \\(uid 12345, you are 0\\)\n`),
    );
  });

  it('a link to the home, even where the link alone is of another', () => {
    const user = userWithProfile();
    const link = join(user.root, 'link');
    symlinkSync(user.home, link);
    lchownSync(link, 12345, 12345);
    expectRefused(
      user.run(['get', 'personal', 'api_key'], { env: { TWVAULT_HOME: link } }),
      /link is a symbolic link/,
    );
  });
});

describe('too much is refused unread in', () => {
  it.each(FILES)('%s', (_, pathOf) => {
    const user = userWithProfile();
    truncateSync(pathOf(user), 4 * 2 ** 30);
    const started = performance.now();
    expectRefusedEverywhere(
      user,
      new RegExp(`^twvault: ${pathOf(user)} is too large \\(4294967296 bytes, at most \\d+\\)`),
    );
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('another kind of thing is refused in place of', () => {
  it.each(FILES)('%s: a folder', (_, pathOf) => {
    const user = userWithProfile();
    rmSync(pathOf(user));
    mkdirSync(pathOf(user));
    expectRefusedEverywhere(user, new RegExp(`^twvault: ${pathOf(user)} is not a regular file`));
  });

  it('the home: a file', () => {
    const user = new User();
    writeFileSync(user.home, '');
    expectRefused(user.run(['list']), new RegExp(`^twvault: ${user.home} is not a folder`));
  });

  it('a folder above the home: a file', () => {
    const user = new User();
    writeFileSync(join(user.root, 'file'), '');
    const home = join(user.root, 'file', 'vault');
    expectRefused(user.run(['list'], { env: { TWVAULT_HOME: home } }), new RegExp(`^twvault: .*${home}`));
  });
});

it.skipIf(isWindows)('a device or a pipe in place of a profile does not hang the command', async () => {
  const user = userWithProfile();
  const path = join(user.home, 'profiles', 'personal.age');
  rmSync(path);
  expect(spawnSync('sh', ['-c', 'mkfifo "$0"', path]).status).toBe(0);
  const started = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, '../../bin/twvault.js'), 'get', 'personal', 'api_key'],
    {
      env: user.env as NodeJS.ProcessEnv,
      encoding: 'utf8',
      timeout: 5000,
      killSignal: 'SIGKILL',
    },
  );
  expect(performance.now() - started).toBeLessThan(5000);
  expect(stderr).toContain(`${path} is not a regular file`);
  expect(status).toBe(1);
});

it.skipIf(isWindows)('tighten takes the rights of others from a file and a folder', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'file');
  writeFileSync(file, '');
  chmodSync(file, 0o666);
  chmodSync(folder, 0o777);
  tighten(file);
  tighten(folder);
  expect([modeOf(file), modeOf(folder)]).toEqual(['600', '700']);
});
