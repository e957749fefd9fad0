import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { X25519Identity } from '../../src/age/x25519.ts';
import { identityText } from '../../src/unlock/identity-text.ts';
import { User } from '../support/cli.ts';
import { generatedKeys, type Keys, tutorialLines } from '../support/credentials.ts';
import { breakLock, ended, extrasOf, isLocked, launch, lockOf, sleep, strays, vaultIn } from './writers.ts';

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
const range = (count: number) => Array.from({ length: count }, (_, at) => at);

/** Runs a command that has to succeed, beside others. */
async function succeeds(user: User, args: readonly string[], input = ''): Promise<string> {
  const { status, stdout, stderr } = await user.start(args, { input });
  if (status !== 0) throw new Error(`twvault ${args.join(' ')}: ${status}\n${stderr}`);
  return stdout;
}

const set = (user: User, name: string, value: string) => succeeds(user, ['set', 'personal', name], value);

function userWithProfile(): User {
  const user = new User().withFileVault();
  user.add('personal');
  return user;
}

describe('writers at once', () => {
  it('all 200 profiles of 8 writers are there, in a vault that the first of them set up', {
    timeout: 120_000,
  }, async () => {
    const user = new User();
    writeFileSync(user.identityFile, identityText(X25519Identity.generate()), { mode: 0o600 });
    user.env = { ...user.env, TWVAULT_IDENTITY_FILE: user.identityFile };
    const added = new Map<string, Keys>();
    const writer = async (id: number) => {
      for (const at of range(25)) {
        const keys = generatedKeys();
        await succeeds(user, ['add', `w${id}-${at}`, '--stdin'], tutorialLines(keys));
        added.set(`w${id}-${at}`, keys);
      }
    };
    await Promise.all(range(8).map(writer));
    const vault = await vaultIn(user);
    expect(await vault.names()).toEqual([...added.keys()].sort());
    expect(added.size).toBe(200);
    for (const [name, keys] of added) {
      const { fields } = await vault.read(name);
      expect(fields.get('api_secret')?.secret.reveal()).toBe(keys.api_secret);
      expect(vault.entry(name)?.fields.size).toBe(4);
    }
    expect([strays(user), isLocked(user)]).toEqual([[], false]);
  });

  it('several that make the same folders set up one vault, and none is told that they exist', {
    timeout: 120_000,
  }, async () => {
    for (const round of range(8)) {
      const user = new User();
      user.env = { ...user.env, TWVAULT_HOME: join(user.root, 'a/b/c/d/e/f/vault') };
      const init = (id: number) =>
        user.start(['init', '--store', 'file', '--identity-out', join(user.root, `identity-${id}.txt`)]);
      const results = await Promise.all(range(6).map(init));
      expect(
        results.map(({ stderr }) => /cannot create/.test(stderr)),
        `round ${round}`,
      ).not.toContain(true);
      expect(results.map(({ status }) => status)).toContain(0);
    }
  });

  it('all 80 values of 8 writers to one profile are there, and readers meanwhile see no error', {
    timeout: 120_000,
  }, async () => {
    const user = userWithProfile();
    await set(user, 'FIXED', 'stays');
    let isWriting = true;
    let reads = 0;
    const reader = async () => {
      for (; isWriting; reads += 1) {
        expect(await succeeds(user, ['get', 'personal', 'FIXED'])).toBe('stays\n');
      }
    };
    const inProcess = async () => {
      for (; isWriting; reads += 1) {
        expect((await extrasOf(user)).FIXED).toBe('stays');
        expect((await vaultIn(user)).entry('personal')?.extras.has('FIXED')).toBe(true);
        await sleep(2);
      }
    };
    const writer = async (id: number) => {
      for (const at of range(10)) await set(user, `W${id}_${at}`, `${id}/${at}`);
    };
    const writers = Promise.all(range(8).map(writer)).finally(() => {
      isWriting = false;
    });
    await Promise.all([writers, reader(), inProcess()]);
    const expected = range(8).flatMap((id) => range(10).map((at) => [`W${id}_${at}`, `${id}/${at}`]));
    expect(await extrasOf(user)).toEqual({ FIXED: 'stays', ...Object.fromEntries(expected) });
    expect([strays(user), isLocked(user)]).toEqual([[], false]);
    expect(reads).toBeGreaterThan(20);
    console.log(`${reads} reads during 80 writes, all good`);
  });

  it('32 at once lose nothing', { timeout: 180_000 }, async () => {
    const user = userWithProfile();
    await Promise.all(range(32).map((id) => set(user, `W${id}`, `${id}`)));
    expect(await extrasOf(user)).toEqual(Object.fromEntries(range(32).map((id) => [`W${id}`, `${id}`])));
    expect([strays(user), isLocked(user)]).toEqual([[], false]);
    console.log('32 writers at once, 32 values there');
  });

  it('only one of two that add the same name wins, and the other says so', async () => {
    const user = userWithProfile();
    const results = await Promise.all(
      range(6).map(() => user.start(['add', 'brand', '--stdin'], { input: tutorialLines(generatedKeys()) })),
    );
    expect(results.map(({ status }) => status).sort()).toEqual([0, 1, 1, 1, 1, 1]);
    for (const { status, stderr } of results) {
      if (status === 1) expect(stderr).toMatch(/^twvault: the profile brand exists already\n/);
    }
  });
});

it('kill -9 at random moments leaves the old value or the new one', { timeout: 120_000 }, async () => {
  const user = userWithProfile();
  await set(user, 'VALUE', 'round -1');
  const started = performance.now();
  await set(user, 'VALUE', 'round -1');
  const usual = performance.now() - started;
  const outcomes = { old: 0, new: 0, 'killed while it held the lock': 0, 'stray files': 0 };
  let last = 'round -1';
  for (const round of range(40)) {
    const next = `round ${round} ${'x'.repeat(round * 100)}`;
    const child = launch(user, ['set', 'personal', 'VALUE'], next);
    const end = ended(child);
    // The first half starts Node and writes nothing.
    await sleep(usual * (0.5 + 0.6 * Math.random()));
    child.kill('SIGKILL');
    await end;
    const { VALUE } = await extrasOf(user);
    expect([last, next]).toContain(VALUE);
    outcomes[VALUE === next ? 'new' : 'old'] += 1;
    if (isLocked(user)) outcomes['killed while it held the lock'] += 1;
    if (strays(user).length > 0) outcomes['stray files'] += 1;
    last = VALUE as string;
    breakLock(user);
  }
  await set(user, 'VALUE', 'the last');
  expect((await extrasOf(user)).VALUE).toBe('the last');
  expect([strays(user), isLocked(user)]).toEqual([[], false]);
  console.log('40 kills:', outcomes);
});

describe('a lock whose holder is gone', () => {
  it('is taken over in about five seconds, and readers do not wait for it', { timeout: 40_000 }, async () => {
    const user = userWithProfile();
    mkdirSync(lockOf(user));
    const started = performance.now();
    const writer = set(user, 'VALUE', 'written');
    await succeeds(user, ['get', 'personal', 'api_key']);
    await succeeds(user, ['list', '--json']);
    expect(isLocked(user)).toBe(true);
    expect(performance.now() - started).toBeLessThan(4000);
    await writer;
    const seconds = (performance.now() - started) / 1000;
    expect(seconds).toBeGreaterThan(3);
    expect(seconds).toBeLessThan(10);
    expect(await extrasOf(user)).toEqual({ VALUE: 'written' });
    expect(isLocked(user)).toBe(false);
  });

  it('is taken over by one of many at a time: nothing that any of them wrote is lost', {
    timeout: 60_000,
  }, async () => {
    const user = userWithProfile();
    const rounds = 5;
    for (const round of range(rounds)) {
      mkdirSync(lockOf(user));
      utimesSync(lockOf(user), 0, 0);
      await Promise.all(range(8).map((id) => set(user, `R${round}_${id}`, 'there')));
    }
    expect(Object.keys(await extrasOf(user))).toHaveLength(rounds * 8);
  });

  it('and who wakes up after all does not destroy what was written since', { timeout: 60_000 }, async () => {
    const user = userWithProfile();
    const { child, end } = await stoppedHolder(user, 'SLEEPER');
    await set(user, 'VALUE', 'written meanwhile');
    child.kill('SIGCONT');
    const { code, said } = await end;
    const extras = await extrasOf(user);
    expect(extras.VALUE).toBe('written meanwhile');
    // It may write after all, on top of what it then finds, or say that it did not.
    if (code === 0) expect(extras.SLEEPER).toBe('asleep');
    else
      expect([said, extras.SLEEPER]).toEqual([
        expect.stringMatching(/took over the lock; nothing was changed/),
        undefined,
      ]);
    expect([strays(user), isLocked(user)]).toEqual([[], false]);
  });
});

/** A writer that is stopped while it holds the lock and before its record is in place. */
async function stoppedHolder(user: User, name: string) {
  for (let attempt = 0; attempt < 30; attempt += 1) {
    const { updated, generation } = (await vaultIn(user)).entry('personal') ?? {};
    const child = launch(user, ['set', 'personal', name], 'asleep');
    const end = ended(child);
    const deadline = performance.now() + 5000;
    while (!isLocked(user) && performance.now() < deadline) await nextTurn();
    child.kill('SIGSTOP');
    await sleep(50);
    const now = (await vaultIn(user)).entry('personal');
    if (
      isLocked(user) &&
      now?.updated === updated &&
      now?.generation === generation &&
      !(name in (await extrasOf(user)))
    ) {
      return { child, end };
    }
    child.kill('SIGCONT');
    await end;
    breakLock(user);
    await succeeds(user, ['unset', 'personal', name]).catch(() => {});
  }
  throw new Error('the writer was never caught with the lock in its hands');
}
