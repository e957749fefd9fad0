import { startKeyring } from '../keyring.mjs';
import { FLOOR, row, timeTogether } from '../measure.mjs';
import { firstInstruction } from '../place.mjs';
import { BenchVault, PROFILE, TWVAULT } from '../vault.mjs';

export const about = 'exec, by what opens the vault and by how many profiles there are';

const SIZES = [1, 100, 10_000];
/** gnome-keyring writes all its items anew for each: ten thousand take it hours. */
const KEYCHAIN_SIZES = [1, 100, 500];

const TARGETS = { 'identity at hand': 1.4, agent: 1.6, keychain: 2 };
const EXECVE_TARGET = 1.3;
const GROWTH = 1.1;

let environments;

export async function measure({ node, rounds, hasExecve }) {
  environments ??= await prepare();
  const child = firstInstruction();
  const args = [TWVAULT, 'exec', '-p', PROFILE, '--', child];
  const commands = { [FLOOR]: { file: node, args: ['-e', '0'], env: environments[0].env } };
  for (const { name, env } of environments) commands[name] = { file: node, args, env };
  const times = timeTogether(commands, rounds);
  const floor = { name: FLOOR, taken: times[FLOOR].total };
  return [row(FLOOR, times[FLOOR].total, floor), ...environments.flatMap(rows)];

  function rows({ name, way, size }) {
    const { total, first } = times[name];
    const atMost =
      size === 1 ? (hasExecve && way === 'identity at hand' ? EXECVE_TARGET : TARGETS[way]) : undefined;
    const smallest = nameOf(way, SIZES[0]);
    return [
      row(name, total, floor, { atMost }),
      ...(first.length > 0 ? [row(`${name}: first instruction`, first, floor)] : []),
      ...(size > 1
        ? [row(name, total, { name: smallest, taken: times[smallest].total }, { atMost: GROWTH })]
        : []),
    ];
  }
}

const nameOf = (way, size) => `${way}, ${size === 1 ? '1 profile' : `${size} profiles`}`;

/** Vaults of every kind and size. */
async function prepare() {
  const made = [];
  const add = (way, size, env) => made.push({ name: nameOf(way, size), way, size, env });
  for (const size of SIZES) {
    add('identity at hand', size, BenchVault.withIdentity().fill(size).env);
    const locked = BenchVault.withPassphrase().fill(size);
    add('agent', size, locked.openAgent());
    add('passphrase', size, locked.env);
  }
  const service = await startKeyring();
  for (const size of service ? KEYCHAIN_SIZES : [])
    add('keychain', size, BenchVault.inKeychain(service).fill(size).env);
  return made;
}
