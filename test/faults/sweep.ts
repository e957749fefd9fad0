import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { User } from '../support/cli.ts';
import { atNight } from '../support/effort.ts';
import { callsAt, isInjected, site, type Traced, traced } from './strace.ts';
import { breakLock } from './writers.ts';

/** What a sweep of kills found: how often each outcome, and at which calls. */
export interface Sweep {
  readonly kills: number;
  readonly outcomes: Record<string, number>;
  readonly sites: ReadonlySet<string>;
}

/**
 * Kills a command at each call that touches the vault (each `stride`th of those that are wanted, the first at each file,
 * and each rename), every time from the same start, and looks at what is left. The nightly form takes every call.
 * @param outcome names the state that is found; throws where it is none that may be
 */
export async function sweep(
  user: User,
  [args, input]: readonly [string[], string?],
  outcome: () => Promise<string>,
  stride = 1,
  isWanted: (site: string) => boolean = () => true,
): Promise<Sweep> {
  const restore = restoring(user);
  const dry = traced(user, args, input);
  expect(dry.status).toBe(0);
  const outcomes: Record<string, number> = {};
  const sites = new Set<string>();
  let kills = 0;
  const points = new Map(
    callsAt(user, dry)
      .filter((call) => isWanted(site(user, call)))
      .map((call) => [`${call.name}:signal=KILL:when=${call.when}`, call]),
  );
  const files = new Set<string>();
  for (const [at, [fault, call]] of [...points].entries()) {
    const isFirst = files.size < files.add(fileOf(site(user, call))).size;
    const isTaken = isFirst || call.name === 'rename' || at % atNight(1, stride) === 0;
    if (!isTaken) continue;
    restore();
    const { signal, calls } = traced(user, args, input, fault);
    const last = calls.at(-1);
    if (signal !== 'SIGKILL' || !last) continue; // A run with fewer calls: it ended before this one.
    kills += 1;
    sites.add(site(user, last));
    breakLock(user);
    const found = await outcome().catch((error: unknown) => {
      throw new Error(`after a kill at ${site(user, last)}`, { cause: error });
    });
    outcomes[found] = (outcomes[found] ?? 0) + 1;
    expect(Array.isArray(JSON.parse(user.must(['list', '--json']).stdout))).toBe(true);
  }
  console.log(`${args[0]}: ${kills} kills of ${points.size} calls:`, outcomes);
  return { kills, outcomes, sites };
}

/** Makes the vault what it is now. */
function restoring({ root, home }: User): () => void {
  const start = join(root, 'start');
  cpSync(home, start, { recursive: true });
  return () => {
    rmSync(home, { recursive: true });
    cpSync(start, home, { recursive: true });
  };
}

const ERRORS = ['EIO', 'ENOSPC', 'EROFS', 'EINTR'];

/**
 * Runs a command with an error of the system, one after the other in turn, at every fifth of its calls that touch the
 * vault, every time from the same start, and looks at what is left. The nightly form takes every call.
 * @param outcome names what came of it; throws where that may not be
 */
export async function sweepErrors(
  user: User,
  [args, input]: readonly [string[], string?],
  outcome: (run: Traced) => Promise<string>,
): Promise<Pick<Sweep, 'outcomes' | 'sites'>> {
  const restore = restoring(user);
  const dry = traced(user, args, input);
  expect(dry.status).toBe(0);
  const calls = callsAt(user, dry).filter(({ name }) => name !== 'close');
  const stride = atNight(1, 5);
  const outcomes: Record<string, number> = {};
  const sites = new Set<string>();
  let errors = 0;
  for (const [at, { name, when }] of calls.entries()) {
    if (at % stride > 0) continue;
    restore();
    const error = ERRORS[(at / stride) % ERRORS.length];
    const run = traced(user, args, input, `${name}:error=${error}:when=${when}`);
    breakLock(user);
    const hit = run.calls.find(isInjected);
    // The threads' calls vary: another than the meant one may have been hit, or none.
    if (!hit?.text.includes(user.home)) continue;
    errors += 1;
    sites.add(site(user, hit));
    const found = await outcome(run).catch((cause: unknown) => {
      throw new Error(`${error} at ${site(user, hit)}: exit ${run.status} ${run.stderr}`, { cause });
    });
    outcomes[found] = (outcomes[found] ?? 0) + 1;
  }
  console.log(`${args[0]}: ${errors} errors at ${sites.size} places:`, outcomes);
  return { outcomes, sites };
}

/** The file of a site, as `site` names it behind the call. */
const fileOf = (text: string): string => text.slice(text.indexOf(' ') + 1);
