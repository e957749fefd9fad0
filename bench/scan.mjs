// node bench/scan.mjs FOLDER: `twvault scan` beside ripgrep with two threads, round by round.
//   ROUNDS=7   more rounds
// Targets: stored values at most 1 x rg -F with the same values; with the rules at most 1.5 x rg with one long-run regex.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { summarise, timeTogether } from './measure.mjs';
import { BenchVault, TWVAULT } from './vault.mjs';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('which folder? node bench/scan.mjs FOLDER');
const ROUNDS = Number(process.env.ROUNDS ?? 7);
const PROFILES = 6;

const vault = new BenchVault();
const { root, env } = vault;
const values = Array.from({ length: PROFILES }, (_, at) => vault.addProfile(`profile${at}`)).flat();
const list = join(root, 'values');
writeFileSync(list, `${values.join('\n')}\n`);

// Neither finds anything: rg then exits with 1, which sh turns into 0.
const rg = (...args) => ({
  file: 'sh',
  args: ['-c', 'rg "$@"; test $? -le 1', 'sh', '-j2', '-uu', '-c', ...args, folder],
  env,
});
const scan = (...args) => ({
  file: process.execPath,
  args: [TWVAULT, 'scan', '--all', folder, ...args],
  env,
});
const times = timeTogether(
  {
    'rg -F': rg('-F', '-f', list),
    'scan --only-stored': scan('--only-stored'),
    'rg long runs': rg('[A-Za-z0-9_-]{40,}'),
    scan: scan(),
  },
  ROUNDS,
);
for (const [name, floor] of [
  ['rg -F', 'rg -F'],
  ['scan --only-stored', 'rg -F'],
  ['rg long runs', 'rg long runs'],
  ['scan', 'rg long runs'],
]) {
  const { median, low, high, ratio } = summarise(times[name], times[floor]);
  console.log(
    `${name.padEnd(20)} ${median.toFixed(0)} ms (${low.toFixed(0)}-${high.toFixed(0)}), ${ratio.toFixed(2)} x ${floor}`,
  );
}
