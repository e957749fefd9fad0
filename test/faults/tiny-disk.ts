import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Result, User } from '../support/cli.ts';

const PAGE = 4096;

const run = (program: string, ...args: string[]) => spawnSync(program, args, { encoding: 'utf8' });

/** Whether a small file system can be mounted: as root on Linux, outside of most containers. */
export function canMount(what: string): boolean {
  const { error, status, stderr } = run('unshare', '-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt');
  if (!error && status === 0) return true;
  if (process.env.CI) throw new Error(`cannot mount, and in CI nothing may be skipped (${what}): ${stderr}`);
  console.log(`skipped: ${what} (needs the right to mount)`);
  return false;
}

/** Runs a test with a user whose vault is on a disk of so many pages. */
export async function onTinyDisk(
  pages: number,
  test: (user: User, disk: string) => Promise<void>,
): Promise<void> {
  const user = new User();
  const disk = join(user.root, 'disk');
  mkdirSync(disk);
  const { status, stderr } = run(
    'mount',
    '-t',
    'tmpfs',
    '-o',
    `size=${pages * PAGE},mode=700`,
    'tmpfs',
    disk,
  );
  if (status !== 0) throw new Error(stderr);
  try {
    const home = join(disk, 'vault');
    user.env = { ...user.env, TWVAULT_HOME: home };
    await test(Object.assign(user, { home }), disk);
  } finally {
    run('umount', disk);
  }
}

/** Leaves this many pages of the disk free. */
export function fill(disk: string, pagesLeft: number): void {
  const filler = join(disk, 'filler');
  rmSync(filler, { force: true });
  const available = Number(run('df', '--output=avail', '-B1', disk).stdout.split('\n')[1]);
  writeFileSync(filler, Buffer.alloc(available - pagesLeft * PAGE, 1));
}

/** Nothing but one line and its hints was said. */
export function expectOneLine({ stdout, stderr }: Result, message: RegExp): void {
  const lines = stderr.trimEnd().split('\n');
  expect(lines[0]).toMatch(message);
  expect(lines.slice(1).filter((line) => !line.startsWith('twvault: hint: '))).toEqual([]);
  expect(stdout).toBe('');
}
