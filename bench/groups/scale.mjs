import { FLOOR, plainRow, rowsOf, timeTogether } from '../measure.mjs';
import { BenchVault, TWVAULT } from '../vault.mjs';

export const about = '10,000 profiles';

const MANY = 10_000;
const COUNTS = [100, 1000, MANY];

/** Adding is timed once a size: ten thousand take a while, and the smaller ones show whether it grows evenly. */
export function measure({ node, rounds }) {
  const added = COUNTS.map((count) => {
    const vault = BenchVault.withIdentity();
    return { count, vault, each: timed(() => vault.fill(count)) / count };
  });
  const full = added[COUNTS.indexOf(MANY)].vault;
  const { env } = full;
  const commands = { [FLOOR]: { file: node, args: ['-e', '0'], env } };
  commands['list, 10000 profiles'] = { file: node, args: [TWVAULT, 'list'], env };
  commands['a tab, 10000 profiles'] = {
    file: node,
    args: [TWVAULT, '__complete', '--', '2', 'show', 'account-1000099'],
    env,
  };
  return [
    ...added.map(({ count, each }) => plainRow(`import of ${count} profiles, each`, [each], { unit: 'ms' })),
    plainRow(`backup and restore of ${MANY} profiles, each`, [restored(full)], { unit: 'ms' }),
    ...rowsOf(timeTogether(commands, rounds)),
  ];
}

function restored(vault) {
  const other = BenchVault.withIdentity();
  return timed(() => other.takeFrom(vault)) / MANY;
}

function timed(work) {
  const begin = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - begin) / 1e6;
}
