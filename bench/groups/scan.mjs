import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { row, timeTogether } from '../measure.mjs';
import { which } from '../place.mjs';
import { BenchVault, TWVAULT } from '../vault.mjs';

export const about =
  'scan of a tree (TREE=) and of a history (REPOSITORY=), beside rg with two threads and git log | grep';

const OWN = join(import.meta.dirname, '../..');
const TREE = process.env.TREE ?? join(OWN, 'node_modules/');
const REPOSITORY = process.env.REPOSITORY ?? OWN;
const PROFILES = 6;
const RUNS = '[A-Za-z0-9_-]{40,}';

// Its targets are for trees and histories that take longer than a start of Node.
const isLarge = { tree: process.env.TREE !== undefined, history: process.env.REPOSITORY !== undefined };

const BESIDE = {
  'scan --only-stored': { beside: 'rg -F', ...(isLarge.tree && { atMost: 1 }) },
  scan: { beside: 'rg, long runs', ...(isLarge.tree && { atMost: 1.5 }) },
  'scan --history': { beside: 'git log -p | grep', ...(isLarge.history && { atMost: 0.5 }) },
};

export function measure({ node, rounds }) {
  if (!which('rg')) return void console.log('skipped: scan of a tree (no rg)') ?? [];
  const { root, env, values } = vaultOfSix();
  const list = join(root, 'values');
  writeFileSync(list, `${values.join('\n')}\n`);
  // Neither finds anything: rg and grep then exit with 1, which sh turns into 0.
  const shell = (line, ...args) => ({
    file: 'sh',
    args: ['-c', `${line}; test $? -le 1`, 'sh', ...args],
    env,
  });
  const rg = (...args) => shell('rg "$@"', '-j2', '-uu', '-c', ...args, TREE);
  const scan = (...args) => ({ file: node, args: [TWVAULT, 'scan', ...args], env, cwd: REPOSITORY });
  const times = timeTogether(
    {
      'rg -F': rg('-F', '-f', list),
      'scan --only-stored': scan('--all', TREE, '--only-stored'),
      'rg, long runs': rg(RUNS),
      scan: scan('--all', TREE),
      'git log -p | grep': shell('git -C "$1" log --all -p | grep -cF -f "$2"', REPOSITORY, list),
      'scan --history': scan('--history', '--only-stored'),
    },
    rounds,
  );
  return Object.entries(times).map(([name, { total }]) => {
    const { beside = name, ...target } = BESIDE[name] ?? {};
    return row(name, total, { name: beside, taken: times[beside].total }, target);
  });
}

function vaultOfSix() {
  const vault = BenchVault.withIdentity();
  const values = Array.from({ length: PROFILES }, (_, at) => vault.addProfile(`profile${at}`)).flat();
  return { root: vault.root, env: vault.env, values };
}
