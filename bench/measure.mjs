import { spawnSync } from 'node:child_process';

/** What every table is measured beside. */
export const FLOOR = 'node -e 0';

/**
 * @typedef {{file: string, args: string[], env: Record<string, string>, cwd?: string, before?: () => void}} Command
 * `before` makes what the command needs anew; it is not timed.
 * @typedef {{total: number[], first: number[]}} Times milliseconds of each round: to the end, and to the first
 * instruction of a child that says when it began
 */

/**
 * Times commands side by side: every round runs each of them once, in an order that changes from round to round, so
 * that a machine that gets slower meanwhile slows them all alike.
 * @param {Record<string, Command>} commands
 * @param {number} rounds
 * @returns {Record<string, Times>}
 */
export function timeTogether(commands, rounds) {
  const names = Object.keys(commands);
  const times = Object.fromEntries(names.map((name) => [name, { total: [], first: [] }]));
  for (let round = -2; round < rounds; round += 1) {
    for (let step = 0; step < names.length; step += 1) {
      const name = names[(step + round + names.length * 2) % names.length];
      const { total, first } = timeOnce(commands[name], name);
      if (round < 0) continue; // the first two rounds warm the disk's cache
      times[name].total.push(total);
      if (first > 0) times[name].first.push(first);
    }
  }
  return times;
}

/** @param {Command} command */
function timeOnce({ file, args, env, cwd, before }, name) {
  before?.();
  const start = process.hrtime.bigint();
  const { status, stdout, stderr, error } = spawnSync(file, args, { env, cwd, maxBuffer: 1e8 });
  const total = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0) throw new Error(`${name} failed (${error ?? status}): ${stderr}`);
  const began = /^\d{10,}$/m.exec(stdout.subarray(0, 1000).toString('latin1'));
  return { total, first: began ? Number(BigInt(began[0]) - start) / 1e6 : 0 };
}

/**
 * A row of the report: medians and quartiles of a command, and of its ratios to another one in the same rounds.
 * @param {string} name
 * @param {number[]} taken
 * @param {{name: string, taken: number[]}} beside
 * @param {{atMost?: number, atLeast?: number, unit?: string}} [target] of the ratio
 */
export function row(name, taken, beside, { unit = 'ms', ...target } = {}) {
  const ratios = taken.map((value, round) => value / beside.taken[round]);
  return {
    name,
    unit,
    ...quartiles(taken),
    beside: beside.name,
    ratio: quartiles(ratios),
    ...target,
    rounds: taken.length,
  };
}

/** A row of something that is not compared with anything. */
export function plainRow(name, values, { unit, ...target }) {
  return { name, unit, ...quartiles(values), ...target, rounds: values.length };
}

/**
 * Rows of what was timed together: each beside the floor, where `targets` says nothing else.
 * @param {Record<string, Times>} times
 * @param {Record<string, {beside?: string, atMost?: number, atLeast?: number}>} [targets]
 */
export function rowsOf(times, targets = {}) {
  return Object.entries(times).map(([name, { total }]) => {
    const { beside = FLOOR, ...target } = targets[name] ?? {};
    return row(name, total, { name: beside, taken: times[beside].total }, target);
  });
}

function quartiles(values) {
  return { median: quantile(values, 0.5), low: quantile(values, 0.25), high: quantile(values, 0.75) };
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (above - below) * (at - Math.floor(at));
}
