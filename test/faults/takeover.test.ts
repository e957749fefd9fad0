import { spawn } from 'node:child_process';
import { mkdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RUNNER, TWVAULT, User } from '../support/cli.ts';
import { canTrace } from './strace.ts';
import { ended, extrasOf, isLocked, lockOf, sleep, strays } from './writers.ts';

/** Starts a `set` whose first call of a kind is held up by strace. */
function slowed(user: User, name: string, call: string, seconds: number) {
  const fault = `inject=${call}:delay_enter=${seconds * 1e6}:when=1`;
  const strace = ['-f', '-qq', '-o', '/dev/null', '-e', `trace=${call}`, '-e', fault];
  const child = spawn('strace', [...strace, RUNNER, TWVAULT, 'set', 'personal', name], {
    env: user.env as NodeJS.ProcessEnv,
    cwd: join(user.root, 'work'),
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  child.stdin.end(name);
  return ended(child);
}

function userWithProfile(): User {
  const user = new User().withFileVault();
  user.add('personal');
  return user;
}

describe.skipIf(!canTrace())('taking over a lock', { timeout: 40_000 }, () => {
  it('who is slow to take over a stale lock does not break the lock of who was quicker', async () => {
    const user = userWithProfile();
    mkdirSync(lockOf(user));
    utimesSync(lockOf(user), 0, 0);
    // It sees a stale lock, and goes on 2 seconds later.
    const slow = slowed(user, 'SLOW', 'rmdir,rename', 2);
    await sleep(1000);
    // By then this one has the lock, is alive, and is about to put its record in place.
    const quick = slowed(user, 'QUICK', 'fsync', 3);
    expect([await quick, await slow]).toEqual([
      { code: 0, signal: null, said: expect.stringContaining('stored QUICK') },
      { code: 0, signal: null, said: expect.stringContaining('stored SLOW') },
    ]);
    expect(await extrasOf(user)).toEqual({ QUICK: 'QUICK', SLOW: 'SLOW' });
    expect([strays(user), isLocked(user)]).toEqual([[], false]);
  });

  it('who was taken over between its last check and its rename does not destroy the newer record', async () => {
    const user = userWithProfile();
    const late = slowed(user, 'LATE', 'rename', 9);
    await sleep(1500);
    expect(isLocked(user)).toBe(true);
    user.must(['set', 'personal', 'VALUE'], { input: 'newer' });
    const { code, said } = await late;
    expect(await extrasOf(user)).toEqual(code === 0 ? { VALUE: 'newer', LATE: 'LATE' } : { VALUE: 'newer' });
    if (code !== 0) expect(said).toMatch(/^twvault: [^\n]+\n/);
    expect(strays(user)).toEqual([]);
  });
});
