import { startKeyring } from '../keyring.mjs';
import { FLOOR, rowsOf, timeTogether } from '../measure.mjs';
import { find } from '../peers/install.mjs';
import { PEERS } from '../peers/registry.mjs';
import { bareEnvironment, firstInstruction, temporaryFolder } from '../place.mjs';
import { BenchVault, madeUpKeys, TWVAULT } from '../vault.mjs';

export const about = 'other tools that give a child four values';

const TWVAULT_EXEC = 'twvault exec';
const TARGETS = {
  [TWVAULT_EXEC]: {},
  'dotenvx run, encrypted': { beside: TWVAULT_EXEC, atLeast: 8 },
  'varlock run, plain': { beside: TWVAULT_EXEC, atLeast: 3 },
};

export async function measure({ node, version, rounds }) {
  const vault = BenchVault.withIdentity();
  vault.addProfile('personal');
  const child = firstInstruction();
  const commands = {
    [FLOOR]: { file: node, args: ['-e', '0'], env: vault.env },
    [TWVAULT_EXEC]: { file: node, args: [TWVAULT, 'exec', '--', child], env: vault.env },
    ...ready({ node, version, child, service: await startKeyring() }),
  };
  const others = Object.keys(commands).filter((name) => name !== FLOOR);
  const targets = Object.fromEntries(others.map((name) => [name, TARGETS[name] ?? { beside: TWVAULT_EXEC }]));
  return rowsOf(timeTogether(commands, rounds), targets);
}

/** The commands of all peers that are there and run on this Node. */
function ready({ node, version, child, service }) {
  const commands = {};
  for (const { name, needs, node: oldest = [0, 0], prepare } of PEERS) {
    const missing = needs.find((each) => !find(each));
    if (missing) console.log(`skipped: ${name} (no ${missing})`);
    else if (isBefore(version, oldest)) console.log(`skipped: ${name} (needs Node ${oldest.join('.')})`);
    else {
      const folder = temporaryFolder();
      const env = { ...bareEnvironment(folder), ...service };
      const values = upperCase(madeUpKeys(100_000_000));
      const { file, args } = prepare({ folder, env, values, child, node });
      commands[name] = { file, args, env, cwd: folder };
    }
  }
  return commands;
}

function isBefore(version, [major, minor]) {
  const [ownMajor, ownMinor] = version.split('.').map(Number);
  return ownMajor < major || (ownMajor === major && ownMinor < minor);
}

function upperCase(values) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name.toUpperCase(), value]));
}
