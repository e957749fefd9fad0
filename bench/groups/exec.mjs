import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startKeyring } from '../keyring.mjs';
import { FLOOR, row, timeTogether } from '../measure.mjs';
import { firstInstruction, must, temporaryFolder } from '../place.mjs';
import { BenchVault, PROFILE, TWVAULT } from '../vault.mjs';

export const about = 'exec, by what opens the vault and by how many profiles there are';

const SIZES = [1, 100, 10_000];
/** gnome-keyring writes all its items anew for each: ten thousand take it hours. */
const KEYCHAIN_SIZES = [1, 100, 500];

const TARGETS = { 'identity at hand': 1.4, agent: 1.6, keychain: 2 };
const EXECVE_TARGET = 1.3;
const GROWTH = 1.1;
const NOT_COMPILED = 'identity at hand, no compiled code';
const LEAST = 'the least: node:crypto, a key, the child';
const ROOT = join(TWVAULT, '../..');

let environments;

export async function measure({ node, rounds, hasExecve }) {
  environments ??= await prepare();
  must(node, [join(ROOT, 'build/code-cache.cjs')]); // as a build with this Node leaves it
  const child = firstInstruction();
  const args = ['exec', '-p', PROFILE, '--', child];
  const { env } = environments[0];
  const commands = {
    [FLOOR]: { file: node, args: ['-e', '0'], env },
    [LEAST]: { file: node, args: [join(ROOT, 'bench/least.cjs'), child], env },
    [NOT_COMPILED]: { file: node, args: [withoutCompiledCode(), ...args], env },
  };
  for (const { name, env } of environments) commands[name] = { file: node, args: [TWVAULT, ...args], env };
  const times = timeTogether(commands, rounds);
  const floor = { name: FLOOR, taken: times[FLOOR].total };
  return [
    ...[FLOOR, LEAST, NOT_COMPILED].map((name) => row(name, times[name].total, floor)),
    ...environments.flatMap(rows),
  ];

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

/** The program without what a build leaves for a Node's V8. */
function withoutCompiledCode() {
  const copy = temporaryFolder();
  for (const part of ['bin', 'dist']) cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  for (const name of readdirSync(join(copy, 'dist')))
    if (name.endsWith('.cache')) rmSync(join(copy, 'dist', name));
  return join(copy, 'bin/twvault.js');
}

const nameOf = (way, size) => `${way}, ${size === 1 ? '1 profile' : `${size} profiles`}`;

/** Vaults of every kind and size. */
async function prepare() {
  const made = [];
  const add = (way, size, env) => made.push({ name: nameOf(way, size), way, size, env });
  for (const size of SIZES) {
    const open = BenchVault.withIdentity().fill(size);
    add('identity at hand', size, open.env);
    const locked = BenchVault.withPassphrase().takeFrom(open);
    add('agent', size, locked.openAgent());
    add('passphrase', size, locked.env);
  }
  const service = await startKeyring();
  for (const size of service ? KEYCHAIN_SIZES : [])
    add('keychain', size, BenchVault.inKeychain(service).fill(size).env);
  return made;
}
