import { statSync } from 'node:fs';
import { join } from 'node:path';
import { abandonedFiles } from '../agent/abandoned.ts';
import { EXIT, Failure } from '../failure.ts';
import { projectOf } from '../project/project-file.ts';
import { looseMode, namesIn, removePrivate, strayFiles, tighten } from '../system/files.ts';
import { configPath } from '../vault/config.ts';
import { Editor } from '../vault/editor.ts';
import { openVault } from '../vault/open.ts';
import { lockPath, profilesDirectory, type Vault } from '../vault/vault.ts';
import type { Context } from './context.ts';

/** One thing that was looked at. */
export interface Finding {
  readonly status: 'ok' | 'note' | 'problem';
  readonly subject: string;
  readonly text: string;
  readonly hint?: string;
}

type Check = (vault: Vault, context: Context) => Promise<Finding[]>;

const LOCK_STALE_MS = 60_000;

/** Looks at everything and asks nothing; what cannot be opened without asking is said to be locked. */
export async function examine(context: Context): Promise<Finding[]> {
  const quiet = { ...context, terminal: async () => undefined };
  const findings = [nodeVersion(), await keychainAnswers(context)];
  const vault = await attempted('vault', () => openVault(quiet));
  if (Array.isArray(vault)) return [...findings, ...vault];
  if (!vault) {
    return [
      ...findings,
      ok('vault', `none yet in ${context.home}; the first add sets one up`),
      ...(await project(null, context)),
    ];
  }
  findings.push(ok('vault', `${vault.config.store} store, ${configPath(context.home)}`));
  for (const check of CHECKS) findings.push(...(await check(vault, quiet)));
  return [...findings, ...(await project(vault, context))];
}

/** Mends what can be mended without losing anything, and says what was done. */
export async function mend(context: Context): Promise<string[]> {
  const vault = await openVault(context);
  if (!vault) return [];
  const done: string[] = [];
  for (const path of privatePaths(vault)) {
    if (looseMode(path) === undefined) continue;
    tighten(path);
    done.push(`made ${path} private`);
  }
  for (const path of await attempted('agent', () => abandonedFiles(context.env))) {
    if (typeof path !== 'string') continue; // the folder is not safe: examine says so
    removePrivate(path);
    done.push(`removed ${path}, which an agent left`);
  }
  const unreadable = await new Editor(vault).rebuildIndex();
  done.push('made the index anew from the profiles');
  return [...done, ...unreadable.map(({ name, failure }) => `could not read ${name}: ${failure.message}`)];
}

const CHECKS: readonly Check[] = [permissions, leftovers, agents, exchange, identity, profiles, defaults];

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isOld = major < 20 || (major === 20 && minor < 19);
  return isOld
    ? problem('node', `version ${process.versions.node} is too old`, 'install Node 20.19 or later')
    : ok('node', `version ${process.versions.node}`);
}

async function keychainAnswers(context: Context): Promise<Finding> {
  const { Keychain } = await import('../system/keychain.ts');
  const trouble = await new Keychain('twvault', context).probe();
  return trouble ? note('keychain', trouble.message, trouble.hints[0]) : ok('keychain', 'answers');
}

async function permissions(vault: Vault): Promise<Finding[]> {
  const loose = privatePaths(vault).flatMap((path) => {
    const mode = looseMode(path);
    return mode === undefined ? [] : [problem('permissions', `${path} is ${mode}`, 'twvault doctor --fix')];
  });
  return loose.length > 0 ? loose : [ok('permissions', 'only you can read the vault')];
}

function privatePaths({ home, index, config }: Vault): string[] {
  const folders = [home, index.directory, ...(config.store === 'file' ? [profilesDirectory(home)] : [])];
  const files = folders.flatMap((folder) => namesIn(folder).map((name) => join(folder, name)));
  return [...new Set([...folders, ...files])];
}

async function leftovers({ home, index }: Vault): Promise<Finding[]> {
  const strays = [home, profilesDirectory(home), index.directory].flatMap(strayFiles);
  const held = statSync(lockPath(home), { throwIfNoEntry: false });
  const findings = strays.map((path) => note('left-over', path, 'the next change sweeps it'));
  if (held && Date.now() - held.mtimeMs > LOCK_STALE_MS) {
    findings.push(
      note('lock', `${lockPath(home)} was left by a writer that died`, 'the next change takes it over'),
    );
  }
  return findings;
}

async function exchange({ config }: Vault): Promise<Finding[]> {
  if (!config.successor) return [];
  return [
    problem('exchange', 'the identity is being exchanged, and that is not at its end', 'twvault rekey'),
  ];
}

async function identity({ config, store }: Vault): Promise<Finding[]> {
  if (config.store !== 'file') return [];
  return attempted('identity', async () => {
    await store.open();
    return [ok('identity', 'at hand')];
  });
}

/** What agents that are gone have left: nothing that opens anything, and in the way of nobody. */
async function agents(_: Vault, { env }: Context): Promise<Finding[]> {
  return attempted('agent', async () => {
    const files = await abandonedFiles(env);
    return files.map((path) =>
      note('agent', `${path} was left by an agent that is gone`, 'twvault doctor --fix'),
    );
  });
}

async function profiles(vault: Vault): Promise<Finding[]> {
  const names = await vault.names();
  const findings: Finding[] = [];
  for (const name of names) findings.push(...(await profile(vault, name, names)));
  return names.length === 0 ? [ok('profiles', 'none yet')] : findings;
}

async function profile(vault: Vault, name: string, names: readonly string[]): Promise<Finding[]> {
  const read = await attempted(name, () => vault.read(name));
  if (Array.isArray(read)) return read;
  const entry = await attempted(name, async () => vault.entry(name) ?? null);
  if (entry === null) return [problem(name, 'is not in the index', 'twvault doctor --fix')];
  if (Array.isArray(entry)) return entry;
  if (read.inherit !== undefined && !names.includes(read.inherit)) {
    return [
      problem(name, `inherits from ${read.inherit}, which is not there`, `twvault add ${read.inherit}`),
    ];
  }
  return [ok(name, `opens; ${read.fields.size} fields, ${read.extras.size} extras`)];
}

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

async function project(vault: Vault | null, { cwd }: Context): Promise<Finding[]> {
  const found = await attempted('project', async () => projectOf(cwd()) ?? null);
  if (Array.isArray(found)) return found;
  if (!found) return [];
  const { path, profile: name } = found;
  if (name === undefined || !vault || (await vault.names()).includes(name)) return [ok('project', path)];
  return [problem('project', `${path} names the profile ${name}, which is not there`, `twvault add ${name}`)];
}

/** What an action gave, or the one thing to say about why it gave nothing. Being locked is a state, not a fault. */
async function attempted<T>(subject: string, action: () => Promise<T>): Promise<T | [Finding]> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const [hint] = error.hints;
    const status = error.exitCode === EXIT.locked ? 'note' : 'problem';
    return [{ status, subject, text: error.message, ...(hint === undefined ? {} : { hint }) }];
  }
}

const ok = (subject: string, text: string): Finding => ({ status: 'ok', subject, text });
const note = (subject: string, text: string, hint?: string): Finding => ({
  status: 'note',
  subject,
  text,
  ...(hint === undefined ? {} : { hint }),
});
const problem = (subject: string, text: string, hint: string): Finding => ({
  status: 'problem',
  subject,
  text,
  hint,
});
