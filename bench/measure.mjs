import { spawnSync } from 'node:child_process';

/**
 * Times commands side by side: every round runs each of them once, in an order that changes from round to round, so
 * that a machine that gets slower meanwhile slows them all alike.
 * @param {Record<string, {file: string, args: string[], env: Record<string, string>}>} commands
 * @param {number} rounds
 * @returns {Record<string, number[]>} milliseconds of each round
 */
export function timeTogether(commands, rounds) {
  const names = Object.keys(commands);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -2; round < rounds; round += 1) {
    for (let step = 0; step < names.length; step += 1) {
      const name = names[(step + round + names.length * 2) % names.length];
      const elapsed = timeOnce(commands[name], name);
      if (round >= 0) times[name].push(elapsed); // the first two rounds warm the disk's cache
    }
  }
  return times;
}

function timeOnce({ file, args, env }, name) {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(file, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const elapsed = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0) throw new Error(`${name} failed (${status}): ${stderr}`);
  return elapsed;
}

/** Median, quartiles and the median of the ratios to a floor taken in the same rounds. */
export function summarise(times, floor) {
  const ratios = times.map((time, round) => time / floor[round]);
  return {
    median: quantile(times, 0.5),
    low: quantile(times, 0.25),
    high: quantile(times, 0.75),
    ratio: quantile(ratios, 0.5),
    ratioLow: quantile(ratios, 0.25),
    ratioHigh: quantile(ratios, 0.75),
  };
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (above - below) * (at - Math.floor(at));
}
