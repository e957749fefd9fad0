import { FLOOR, plainRow, rowsOf, timeTogether } from '../measure.mjs';
import { BenchVault, TWVAULT } from '../vault.mjs';

export const about = '10,000 profiles';

const MANY = 10_000;
const COUNTS = [100, 1000, MANY];

/** Adding is timed once a size: ten thousand take a while, and the smaller ones show whether it grows evenly. */
export function measure({ node, rounds }) {
  const added = COUNTS.map((count) => {
    const vault = BenchVault.withIdentity();
    const begin = process.hrtime.bigint();
    vault.fill(count);
    return { count, vault, each: Number(process.hrtime.bigint() - begin) / 1e6 / count };
  });
  const { env } = added[COUNTS.indexOf(MANY)].vault;
  const commands = { [FLOOR]: { file: node, args: ['-e', '0'], env } };
  commands['list, 10000 profiles'] = { file: node, args: [TWVAULT, 'list'], env };
  commands['a tab, 10000 profiles'] = {
    file: node,
    args: [TWVAULT, '__complete', '2', 'show', 'account-1000099'],
    env,
  };
  return [
    ...added.map(({ count, each }) => plainRow(`import of ${count} profiles, each`, [each], { unit: 'ms' })),
    ...rowsOf(timeTogether(commands, rounds)),
  ];
}
