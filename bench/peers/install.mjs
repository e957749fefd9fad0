// node bench/peers/install.mjs: brings what twvault is measured beside, in bench/ only. One line for what cannot be had.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { which } from '../place.mjs';

const BENCH = join(import.meta.dirname, '..');
export const INSTALLED = join(BENCH, '.cache/bin');

/** Other languages have programs of these names. */
const FROM_NPM = ['dotenvx', 'varlock', 'dotenv', 'env-cmd'];
const WAYS = [
  {
    names: FROM_NPM,
    needs: 'npm',
    args: ['install', '--prefix', BENCH, '--no-audit', '--no-fund'],
  },
  { names: ['sops'], needs: 'go', args: ['install', 'github.com/getsops/sops/v3/cmd/sops@latest'] },
  { names: ['gopass'], needs: 'go', args: ['install', 'github.com/gopasspw/gopass@latest'] },
  { names: ['aws-vault'], needs: 'go', args: ['install', 'github.com/99designs/aws-vault/v7@latest'] },
  { names: ['chamber'], needs: 'go', args: ['install', 'github.com/segmentio/chamber/v3@latest'] },
  { names: ['fnox'], needs: 'cargo', args: ['install', 'fnox', '--root', join(BENCH, '.cache')] },
];
const PACKAGES = { pass: 'pass', 'secret-tool': 'libsecret-tools', age: 'age' };

if (import.meta.filename === process.argv[1]) install();

function install() {
  const env = { ...process.env, GOBIN: INSTALLED };
  for (const { names, needs, args } of WAYS) {
    if (names.every(find)) continue;
    if (!which(needs)) console.log(`skipped: ${names.join(', ')} (no ${needs})`);
    else if (spawnSync(needs, args, { env, stdio: ['ignore', 'ignore', 'pipe'] }).status !== 0)
      console.log(`skipped: ${names.join(', ')} (${needs} ${args.slice(0, 2).join(' ')} does not get it)`);
  }
  for (const [name, from] of Object.entries(PACKAGES)) {
    if (!find(name)) console.log(`skipped: ${name} (install ${from} with the system's package manager)`);
  }
}

/** A peer's file, wherever it was installed. */
export function find(name) {
  const home = process.env.HOME ?? '';
  const folders = FROM_NPM.includes(name)
    ? [join(BENCH, 'node_modules/.bin')]
    : [INSTALLED, join(home, 'go/bin'), process.env.PATH];
  return which(name, folders.join(':'));
}
