import { existsSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { scryptWorkFactor } from '../../age/scrypt.ts';
import { abandonedFiles } from '../../agent/abandoned.ts';
import { looseMode, namesIn, readPrivate, strayFiles } from '../../system/files.ts';
import { sharedBy } from '../../system/shared-place.ts';
import { IDENTITY_FILE, IDENTITY_LIMIT } from '../../unlock/identity.ts';
import { LOW_MEMORY_LOG_N } from '../../unlock/sealed-identity.ts';
import { hasFingerprints } from '../../vault/fingerprints.ts';
import { lockPath, profilesDirectory, type Vault } from '../../vault/vault.ts';
import type { Context } from '../context.ts';
import { counted } from '../counted.ts';
import { unfinishedIn } from '../unfinished.ts';
import { attempted, type Finding, note, ok, problem } from './finding.ts';

export type Check = (vault: Vault, context: Context) => Promise<Finding[]>;

const LOCK_STALE_MS = 60_000;

/** What is looked at in a vault, in this order. */
export const VAULT_CHECKS: readonly Check[] = [
  permissions,
  place,
  leftovers,
  agents,
  unfinished,
  workFactor,
  identityFile,
  profiles,
  defaults,
];

async function permissions(vault: Vault): Promise<Finding[]> {
  const loose = privatePaths(vault).flatMap((path) => {
    const mode = looseMode(path);
    return mode === undefined ? [] : [problem('permissions', `${path} is ${mode}`, 'twvault doctor --fix')];
  });
  return loose.length > 0 ? loose : [ok('permissions', 'only you can read the vault')];
}

/** Everything that belongs to a vault and to nobody else. */
export function privatePaths({ home, index, config }: Vault): string[] {
  const folders = [home, index.directory, ...(config.store === 'file' ? [profilesDirectory(home)] : [])];
  const files = folders.flatMap((folder) => namesIn(folder).map((name) => join(folder, name)));
  return [...new Set([...folders, ...files])];
}

async function place({ home }: Vault): Promise<Finding[]> {
  const shared = sharedBy(home);
  if (shared === undefined) return [];
  return [
    note(
      'place',
      `${home} lies in ${shared}: two machines that write at once may lose a change, and copies stay there`,
      'set TWVAULT_HOME to a folder of this machine alone; twvault backup and restore carry profiles over',
    ),
  ];
}

async function leftovers({ home, index }: Vault): Promise<Finding[]> {
  const strays = [home, profilesDirectory(home), index.directory].flatMap(strayFiles);
  const held = statSync(lockPath(home), { throwIfNoEntry: false });
  const isDead = held !== undefined && Date.now() - held.mtimeMs > LOCK_STALE_MS;
  return [
    ...strays.map((path) => note('left-over', path, 'the next change sweeps it')),
    ...(isDead
      ? [note('lock', `${lockPath(home)} was left by a writer that died`, 'the next change takes it over')]
      : []),
  ];
}

/** What agents that are gone have left: nothing that opens anything, and in the way of nobody. */
async function agents(_: Vault, { env }: Context): Promise<Finding[]> {
  return attempted('agent', async () =>
    (await abandonedFiles(env)).map((path) =>
      note('agent', `${path} was left by an agent that is gone`, 'twvault doctor --fix'),
    ),
  );
}

async function unfinished(vault: Vault): Promise<Finding[]> {
  const exchange = vault.config.successor
    ? [problem('exchange', 'the identity is being exchanged, and that is not at its end', 'twvault rekey')]
    : [];
  return [...exchange, ...unfinishedIn(vault).map(({ text, hint }) => problem('unfinished', text, hint))];
}

/** A passphrase that is cheaper to guess than is usual today. */
async function workFactor({ home, config }: Vault): Promise<Finding[]> {
  if (config.store !== 'file' || config.identity !== 'passphrase') return [];
  return attempted('passphrase', async () => {
    const sealed = readPrivate(join(home, IDENTITY_FILE), IDENTITY_LIMIT);
    const factor = sealed && scryptWorkFactor(sealed);
    if (!factor || factor >= LOW_MEMORY_LOG_N) return [];
    return [note('passphrase', `trying one costs 2^${factor} only: guessing it is cheap`, 'twvault passwd')];
  });
}

/** A file that opens the vault is for its user alone; those of a container and of systemd come as they are. */
async function identityFile({ config }: Vault, { env }: Context): Promise<Finding[]> {
  const path = env.TWVAULT_IDENTITY_FILE;
  if (!path || env.TWVAULT_IDENTITY || config.store !== 'file' || !existsSync(path)) return [];
  const real = realpathSync(path);
  const mode = /^\/(run|dev|proc)\//.test(real) ? undefined : looseMode(real);
  return mode === undefined
    ? []
    : [note('identity', `${path} is ${mode}: others may open the vault`, `chmod 600 ${path}`)];
}

/** The key to the profiles, and then each of them. Where there is no key, there is one thing to say and not one for each. */
async function profiles(vault: Vault): Promise<Finding[]> {
  const key = await attempted('identity', async () => {
    await vault.store.open();
    return [];
  });
  if (key.length > 0) return key;
  const names = await vault.names();
  const findings: Finding[] = vault.config.store === 'file' ? [ok('identity', 'at hand')] : [];
  if (names.length === 0) return [...findings, ok('profiles', 'none yet')];
  for (const name of names) findings.push(...(await profile(vault, name, names)));
  return findings;
}

async function profile(vault: Vault, name: string, names: readonly string[]): Promise<Finding[]> {
  const read = await attempted(name, () => vault.read(name));
  if (Array.isArray(read)) return vault.config.store === 'file' ? read.map(wrong) : read;
  const entry = await attempted(name, async () => vault.entry(name) ?? null);
  if (entry === null) return [problem(name, 'is not in the index', 'twvault doctor --fix')];
  if (Array.isArray(entry)) return entry;
  if (read.inherit !== undefined && !names.includes(read.inherit)) {
    return [
      problem(name, `inherits from ${read.inherit}, which is not there`, `twvault add ${read.inherit}`),
    ];
  }
  const opens = ok(
    name,
    `opens; ${counted(read.fields.size, 'field')}, ${counted(read.extras.size, 'extra')}`,
  );
  if (hasFingerprints(entry.fingerprints, read, vault.config.fingerprintKey)) return [opens];
  return [opens, note(name, 'a scan does not know all of its values', 'twvault doctor --fix')];
}

/** The key is at hand: a file that it does not open is not just locked. */
const wrong = ({ subject, text, hint }: Finding): Finding => problem(subject, text, hint);

async function defaults(vault: Vault, { env }: Context): Promise<Finding[]> {
  const names = await vault.names();
  const settings = [
    ['default', vault.config.default, 'twvault use NAME'],
    ['TWVAULT_PROFILE', env.TWVAULT_PROFILE, 'change or unset the variable'],
  ] as const;
  return settings.flatMap(([subject, name, hint]) => {
    if (!name) return [];
    return names.includes(name)
      ? [ok(subject, name)]
      : [problem(subject, `there is no profile ${name}`, hint)];
  });
}
