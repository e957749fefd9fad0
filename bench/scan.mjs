// node bench/scan.mjs FOLDER: `twvault scan` beside ripgrep with two threads, round by round.
//   ROUNDS=7   more rounds
// Targets: stored values at most 1 x rg -F with the same values; with the rules at most 1.5 x rg with one long-run regex.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { summarise, timeTogether } from './measure.mjs';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('which folder? node bench/scan.mjs FOLDER');
const ROUNDS = Number(process.env.ROUNDS ?? 7);
const PROFILES = 6;
const TWVAULT = join(import.meta.dirname, '../bin/twvault.js');

const root = mkdtempSync(join(tmpdir(), 'twvault-bench-'));
process.on('exit', () => rmSync(root, { recursive: true, force: true }));
const env = { PATH: process.env.PATH, HOME: root, TWVAULT_HOME: join(root, 'vault') };
const values = makeVault();
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

function makeVault() {
  const identity = join(root, 'identity.txt');
  run(['init', '--store', 'file', '--identity-out', identity]);
  env.TWVAULT_IDENTITY_FILE = identity;
  return Array.from({ length: PROFILES }, (_, at) => addProfile(`profile${at}`)).flat();
}

function addProfile(name) {
  const word = (length) =>
    `Q7${randomBytes(length).toString('base64').replace(/[+/=]/g, 'x')}`.slice(0, length);
  const made = [word(25), word(50), `123456789-${word(40)}`, word(45)];
  const names = ['CONSUMER_KEY', 'CONSUMER_SECRET', 'ACCESS_TOKEN', 'ACCESS_TOKEN_SECRET'];
  run(['add', name, '--stdin'], names.map((field, at) => `${field}=${made[at]}\n`).join(''));
  return made;
}

function run(args, input = '') {
  const { status, stderr } = spawnSync(process.execPath, [TWVAULT, ...args], {
    env,
    input,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}
