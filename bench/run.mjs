// npm run bench: the commands people wait for, beside a bare `node -e 0` of the same Node in the same rounds.
//   ROUNDS=40            more rounds
//   NODES=/a/node:/b/node  other Node binaries beside this one
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { summarise, timeTogether } from './measure.mjs';
import { BenchVault, TWVAULT } from './vault.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 25);
const NODES = [process.execPath, ...(process.env.NODES?.split(':') ?? [])];
/** Largest ratio to the floor that the project promises. */
const TARGETS = { 'exec -- true': 1.6, list: 1.8, 'a tab': 1.5 };

const vault = new BenchVault();
const { env } = vault;
vault.addProfile('personal');
const unlocked = new BenchVault();
unlocked.openAgent();
const report = NODES.map(measure);
writeFileSync(join(import.meta.dirname, 'results.json'), `${JSON.stringify(report, null, 2)}\n`);
for (const { node, rows } of report) print(node, rows);

function measure(file) {
  const command = (...args) => ({ file, args, env });
  const times = timeTogether(
    {
      'node -e 0': command('-e', '0'),
      'exec -- true': command(TWVAULT, 'exec', '--', 'true'),
      'exec, unlocked': { ...command(TWVAULT, 'exec', '--', 'true'), env: unlocked.env },
      list: command(TWVAULT, 'list'),
      'a tab': command(TWVAULT, '__complete', '--', '4', 'exec', '-p', 'personal', '--only', ''),
      'show --json': command(TWVAULT, 'show', '--json'),
    },
    ROUNDS,
  );
  const rows = Object.entries(times).map(([name, taken]) => ({
    name,
    ...summarise(taken, times['node -e 0']),
  }));
  return { node: spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout.trim(), rounds: ROUNDS, rows };
}

function print(node, rows) {
  console.log(
    `\nNode ${node}, ${ROUNDS} rounds, milliseconds: median (quartiles); ratio to the bare start of the same Node`,
  );
  for (const { name, median, low, high, ratio, ratioLow, ratioHigh } of rows) {
    const target = TARGETS[name] ? `  target ${TARGETS[name]}` : '';
    const time = `${median.toFixed(1)} (${low.toFixed(1)}-${high.toFixed(1)})`;
    console.log(
      `  ${name.padEnd(14)} ${time.padStart(20)}   ${ratio.toFixed(2)} (${ratioLow.toFixed(2)}-${ratioHigh.toFixed(2)})${target}`,
    );
  }
}
