import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { canTrace } from '../faults/strace.ts';
import { strays, vaultIn } from '../faults/writers.ts';
import { User } from '../support/cli.ts';
import { endsIn, loggedIn } from './login.ts';
import { traced } from './strace.ts';

/** A login whose token has ended, and every token that X ever gave for it. */
async function ended(user = new User().withFileVault()) {
  const world = await loggedIn({ user });
  await endsIn(user, 0);
  const given: string[] = [];
  world.oauth2.after = (answer) => {
    const { access_token = '', refresh_token = '' } = answer.body as Record<string, string>;
    given.push(...[access_token, refresh_token].filter((token) => token !== ''));
    return answer;
  };
  const refreshToken = async () =>
    (await (await vaultIn(user)).read('personal')).fields.get('oauth2_refresh_token')?.secret.reveal();
  return { ...world, given, refreshToken };
}

function run(program: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

/** A user whose home is a disk of a quarter of a mebibyte. */
function onTinyDisk(): User {
  const user = new User();
  mkdirSync(user.home, { recursive: true, mode: 0o700 });
  run('mount', '-t', 'tmpfs', '-o', 'size=256k,mode=700', 'tmpfs', user.home);
  onTestFinished(() => run('umount', '-l', user.home));
  return user.withFileVault();
}

/** Takes every free page of the user's disk. */
function fill({ home }: User): { free(): void } {
  const path = join(home, 'filler');
  const { bavail, bsize } = statfsSync(home);
  writeFileSync(path, Buffer.alloc(bavail * bsize, 1));
  return { free: () => rmSync(path) };
}

describe.skipIf(process.geteuid?.() !== 0)('a renewal on a full disk', { timeout: 60_000 }, () => {
  it('is not begun: X is not asked, and the next one works', async () => {
    const { user, oauth2, issued, refreshToken } = await ended(onTinyDisk());
    const disk = fill(user);
    const full = await user.start(['token', 'personal']);
    expect([full.status, full.stdout, oauth2.asked]).toEqual([1, '', 0]);
    expect(full.stderr).toMatch(/^twvault: cannot write .*personal\.age: no space left on device\n$/);
    expect([await refreshToken(), strays(user)]).toEqual([issued.refresh, []]);
    disk.free();
    expect((await user.start(['token', 'personal'])).status).toBe(0);
  });

  it('is stored, where the disk fills up while X is asked', async () => {
    const { user, oauth2, given, refreshToken } = await ended(onTinyDisk());
    oauth2.delay = 1500;
    const running = user.start(['token', 'personal']);
    await vi.waitFor(() => expect(oauth2.asked).toBe(1), { timeout: 10_000 });
    const disk = fill(user);
    const { status, stdout, stderr } = await running;
    expect([status, stdout.trim(), stderr]).toEqual([0, given[0], '']);
    expect(await refreshToken()).toBe(given[1]);
    disk.free();
    oauth2.delay = 0;
    await endsIn(user, -7200);
    expect((await user.start(['token', 'personal'])).status).toBe(0);
    expect([oauth2.refreshes, strays(user)]).toEqual([2, []]);
  });
});

describe.skipIf(!canTrace())('a disk that fails once X has answered', { timeout: 60_000 }, () => {
  // The first write takes the space; what is written after it goes into the same pages.
  it('is tried again', async () => {
    const { user, given, refreshToken } = await ended();
    const { status, stdout, stderr } = await traced(user, 'pwrite64:error=EIO:when=2');
    expect([status, stdout.trim(), stderr]).toEqual([0, given[0], '']);
    expect(await refreshToken()).toBe(given[1]);
  });

  it('and goes on failing: what happened and what to do is said, and no token', async () => {
    const { user, given, issued, refreshToken } = await ended();
    const { status, stdout, stderr } = await traced(user, 'pwrite64:error=ENOSPC:when=2+');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^twvault: X renewed the login of personal, but it could not be stored: cannot write .*personal\.age: no space left on device\ntwvault: hint: what was stored before no longer works at X: log in again with twvault login personal --oauth2\n$/,
    );
    expect([await refreshToken(), strays(user)]).toEqual([issued.refresh, []]);
    expect(given).toHaveLength(2);
    for (const token of given) expect(stderr).not.toContain(token);
    expect(readdirSync(join(user.home, 'profiles'))).toEqual(['personal.age']);
    const next = await user.start(['token', 'personal']);
    expect([next.status, next.stderr]).toEqual([5, expect.stringContaining('no longer accepts the login')]);
  });
});
