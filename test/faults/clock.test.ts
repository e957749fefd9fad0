import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { User } from '../support/cli.ts';
import { extrasOf, isLocked, strays } from './writers.ts';

const CLOCK = join(import.meta.dirname, '../x/clock.cjs');
const DAY = 86_400;

/** The environment of a program whose clock is that many seconds ahead of the one of the files. */
const at = (seconds: number) => ({ NODE_OPTIONS: `--require ${CLOCK}`, CLOCK_AHEAD: String(seconds) });

it('a clock that jumps, back or far ahead, makes no record look old, and no older copy new', {
  timeout: 120_000,
}, async () => {
  const user = new User().withFileVault();
  user.add('personal');
  const jumps = [0, -3650 * DAY, 3650 * DAY, 0, -DAY, 1];
  const path = join(user.home, 'profiles/personal.age');
  for (const [step, seconds] of jumps.entries()) {
    copyFileSync(path, `${path}.older`);
    user.must(['set', 'personal', `STEP_${step}`], { input: `${seconds}`, env: at(seconds) });
    for (const then of [0, -seconds, seconds]) {
      const value = user.must(['get', 'personal', `STEP_${step}`], { env: at(then) }).stdout;
      expect(value).toBe(`${seconds}\n`);
    }
    copyFileSync(path, `${path}.newer`);
    copyFileSync(`${path}.older`, path);
    expect(user.run(['get', 'personal', 'api_key'], { env: at(seconds) }).stderr).toContain('is older than');
    copyFileSync(`${path}.newer`, path);
  }
  const stored = jumps.map((seconds, step) => [`STEP_${step}`, `${seconds}`]);
  expect(await extrasOf(user)).toEqual(Object.fromEntries(stored));
  expect([strays(user), isLocked(user)]).toEqual([[], false]);
  console.log(
    `${jumps.length} jumps of the clock, every value read before and after, every older copy refused`,
  );
});

it('of writers whose clocks differ by days, whoever says that it stored a value did', {
  timeout: 180_000,
}, async () => {
  const user = new User().withFileVault();
  user.add('personal');
  const stored = new Map<string, string>();
  const refusals: string[] = [];
  // To one with a clock ahead, the lock of every other looks as if its holder had been dead for a day.
  const writer = async (seconds: number, id: number) => {
    for (let turn = 0; turn < 4; turn += 1) {
      const name = `W${id}_${turn}`;
      const env = at(seconds);
      const { status, stderr } = await user.start(['set', 'personal', name], { input: name, env });
      if (status === 0) stored.set(name, name);
      else refusals.push(stderr);
    }
  };
  await Promise.all([0, DAY, -DAY, 0, DAY, 3600].map(writer));
  expect(await extrasOf(user)).toMatchObject(Object.fromEntries(stored));
  expect(stored.size).toBeGreaterThan(0);
  for (const refusal of refusals)
    expect(refusal).toMatch(
      /^twvault: (another process took over the lock|other writers kept|cannot)[^\n]*\n(twvault: hint: [^\n]+\n)*$/,
    );
  expect(strays(user)).toEqual([]);
  console.log(`24 writes by clocks that differ: ${stored.size} stored and there, ${refusals.length} refused`);
});
