import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startKeyring } from '../keyring.mjs';
import { FLOOR, plainRow, row, timeTogether } from '../measure.mjs';
import { firstInstruction } from '../place.mjs';
import { BenchVault, PROFILE, TWVAULT } from '../vault.mjs';
import { leftBehind } from './memory.mjs';

export const about = 'the standalone binary: exec by what opens the vault, list, and memory left behind';

const TARGETS = { 'exec, identity at hand': 0.6, 'exec, keychain': 1.1 };
const RELEASE = join(import.meta.dirname, '../../release');

export async function measure({ node, rounds }) {
  const binary = built();
  if (binary === undefined) {
    console.log('skipped: there is no binary; npm run build:binary makes one');
    return [];
  }
  const open = BenchVault.withIdentity().fill(1);
  const service = await startKeyring();
  const keychain = service && BenchVault.inKeychain(service).fill(1);
  const exec = ['exec', '-p', PROFILE, '--', firstInstruction()];
  const commands = {
    [FLOOR]: { file: node, args: ['-e', '0'], env: open.env },
    'exec, identity at hand': { file: binary, args: exec, env: open.env },
    'the same by the npm package': { file: node, args: [TWVAULT, ...exec], env: open.env },
    ...(keychain && { 'exec, keychain': { file: binary, args: exec, env: keychain.env } }),
    list: { file: binary, args: ['list'], env: open.env },
  };
  const times = timeTogether(commands, rounds);
  const floor = { name: FLOOR, taken: times[FLOOR].total };
  const left = [];
  for (let round = 0; round < rounds; round += 1) left.push(await leftBehind([binary], open.env));
  return [
    ...Object.keys(commands).map((name) => row(name, times[name].total, floor, { atMost: TARGETS[name] })),
    plainRow('memory left behind by exec', left, { unit: 'MB', atMost: 0 }),
  ];
}

/** This machine's, where it was built. */
function built() {
  const mine = `twvault-${process.platform}-${process.arch}`;
  try {
    return readdirSync(RELEASE)
      .filter((name) => name === mine)
      .map((name) => join(RELEASE, name))[0];
  } catch {
    return undefined;
  }
}
