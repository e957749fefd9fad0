import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Failure, failed } from '../failure.ts';
import { isFieldName, presetNamed } from '../profile/fields.ts';
import { FormatError, type Json, object, string } from '../profile/json.ts';
import { isExtraName, isProfileName, printable, variableName } from '../profile/names.ts';
import { type CustomPresets, isPresetName, presetsFrom } from '../profile/preset.ts';
import { looksLikeCredential } from '../profile/shape.ts';
import { replaceFile } from '../system/files.ts';
import { checkOwners, readForeign } from '../system/foreign-file.ts';
import { repositoryRoot } from '../system/repository.ts';

const PROJECT_FILE = '.twvault.json';
const LIMIT = 64 * 1024;
/** More than any key of ours has below it. */
const DEEPEST = 8;

/** What a repository says of its credentials: names only, safe to commit. */
export interface Project {
  /** Where it was read from. */
  readonly path: string;
  readonly profile?: string;
  /** Several profiles in one run, each with its name before its variables. */
  readonly profiles?: readonly string[];
  readonly preset?: string;
  /** Presets of the project's own. */
  readonly presets?: CustomPresets;
  /** The fields and extras that are handed over, and no others. */
  readonly only?: readonly string[];
  /** The fields and extras that are kept back. */
  readonly without?: readonly string[];
  /** Further variables: the name the program reads, and the field or extra that fills it. */
  readonly env: ReadonlyMap<string, string>;
  /** The numeric id of the only account that may be used here. */
  readonly account?: string;
  /** Whether the output of commands is masked. */
  readonly mask?: boolean;
}

/**
 * The nearest .twvault.json from a folder up to the root of its repository. Outside a repository only the folder
 * itself counts, so that a file further up, in a shared place, cannot choose the account.
 */
export function findProjectFile(cwd: string): string | undefined {
  let nearest: string | undefined;
  for (let folder = cwd; ; folder = dirname(folder)) {
    const path = join(folder, PROJECT_FILE);
    if (nearest === undefined && existsSync(path)) nearest = path;
    if (existsSync(join(folder, '.git'))) return nearest;
    if (folder === dirname(folder)) break;
  }
  return nearest === join(cwd, PROJECT_FILE) ? nearest : undefined;
}

/**
 * Reads and checks a .twvault.json.
 * @param cwd the folder that someone works in
 * @throws Failure exit 1 naming the file and the key; never a value
 */
function readProject(path: string, cwd = dirname(path)): Project {
  try {
    return { ...projectFrom(parse(textOf(path, cwd))), path };
  } catch (error) {
    throw error instanceof FormatError ? refused(path, error) : error;
  }
}

function textOf(path: string, cwd: string): string {
  const file = readForeign(path, LIMIT);
  if (!file) throw failed(`${path} is gone`);
  checkOwners(path, file, cwd);
  return file.bytes.toString('utf8');
}

/** Writes the profile's name into a folder's .twvault.json and leaves its other keys as they are. */
export function bindFolder(folder: string, profile: string): string {
  const path = join(folder, PROJECT_FILE);
  writeBinding(path, { profile });
  return path;
}

/** What a .twvault.json says of how a program gets its values. */
export interface Binding {
  readonly profile: string;
  readonly preset?: string;
  /** All further variables; they replace those that were there. */
  readonly env?: ReadonlyMap<string, string>;
}

/**
 * Writes a binding into a .twvault.json and leaves its other keys as they are.
 * @throws Failure exit 1 where the file that is there is refused, or it cannot be written
 */
export function writeBinding(path: string, { profile, preset, env }: Binding): void {
  let before: Json = {};
  if (existsSync(path)) {
    readProject(path);
    before = parse(textOf(path, dirname(path)));
  }
  const value = {
    ...(before as object),
    profile,
    ...(preset === undefined ? {} : { preset }),
    ...(env === undefined || env.size === 0 ? {} : { env: Object.fromEntries(env) }),
  };
  replaceFile(path, Buffer.from(`${JSON.stringify(value, null, 2)}\n`), undefined, 0o644);
}

/** Where the project file of a folder is, or would be: the nearest one, the repository's root, the folder. */
export function projectPlace(folder: string): string {
  return findProjectFile(folder) ?? join(repositoryRoot(folder) ?? folder, PROJECT_FILE);
}

/** The project that rules in a folder, if any. */
export function projectOf(cwd: string): Project | undefined {
  const path = findProjectFile(cwd);
  return path === undefined ? undefined : readProject(path, cwd);
}

/** The project file at a path, or undefined where there is none. @throws Failure exit 1 where it is refused */
export function projectAt(path: string): Project | undefined {
  return existsSync(path) ? readProject(path) : undefined;
}

function parse(text: string): Json {
  try {
    return JSON.parse(text.replace(/^\ufeff/, '')) as Json; // some editors of Windows begin a file so
  } catch {
    throw new FormatError('not JSON');
  }
}

const READERS: Record<string, (value: Json, key: string) => Partial<Omit<Project, 'path'>>> = {
  profile: (value, key) => {
    const profile = string(value, key);
    if (!isProfileName(profile)) throw new FormatError(`${key} is not a profile's name`);
    return { profile };
  },
  profiles: (value, key) => {
    const profiles = list(value, key, isProfileName, "is not a profile's name");
    if (profiles.length === 0) throw new FormatError(`${key} names no profile`);
    return { profiles };
  },
  preset: (value, key) => {
    const preset = string(value, key);
    if (!isPresetName(preset)) throw new FormatError(`${key} is not a preset's name`);
    return { preset: presetNamed(preset) ?? preset };
  },
  presets: (value, key) => ({ presets: presetsFrom(value, key) }),
  only: (value, key) => ({ only: list(value, key, isValueName, 'names neither a field nor an extra') }),
  without: (value, key) => ({ without: list(value, key, isValueName, 'names neither a field nor an extra') }),
  account: (value, key) => {
    const account = string(value, key);
    if (!/^\d{1,20}$/.test(account)) throw new FormatError(`${key} is not a numeric user id in quotes`);
    return { account };
  },
  mask: (value, key) => {
    if (typeof value !== 'boolean') throw new FormatError(`${key} is neither true nor false`);
    return { mask: value };
  },
  env: (value, key) => ({ env: mappingFrom(value, key) }),
};

function projectFrom(value: Json): Omit<Project, 'path'> {
  refuseCredentials(value, '');
  const members = object(value, 'it');
  const parts: Partial<Omit<Project, 'path'>>[] = [];
  for (const [key, member] of members) {
    const read = Object.hasOwn(READERS, key) ? READERS[key] : undefined;
    if (!read)
      throw new FormatError(`unknown key "${printable(key)}" (known: ${Object.keys(READERS).join(', ')})`);
    parts.push(read(member, key));
  }
  for (const [one, other] of [
    ['profile', 'profiles'],
    ['only', 'without'],
  ] as const) {
    if (members.has(one) && members.has(other))
      throw new FormatError(`it has both ${one} and ${other}: one of them is enough`);
  }
  return Object.assign({ env: new Map<string, string>() }, ...parts) as Omit<Project, 'path'>;
}

const isValueName = (name: string): boolean => isFieldName(name) || isExtraName(name);

/** A list of different names. */
function list(value: Json, where: string, isName: (text: string) => boolean, complaint: string): string[] {
  if (!Array.isArray(value)) throw new FormatError(`${where} is not a list`);
  const names = value.map((item, index) => string(item, `${where}[${index}]`));
  names.forEach((name, index) => {
    if (!isName(name)) throw new FormatError(`${where}[${index}] ${complaint}`);
    if (names.indexOf(name) < index) throw new FormatError(`${where} has ${name} twice`);
  });
  return names;
}

function mappingFrom(value: Json, where: string): Map<string, string> {
  const mapping = new Map<string, string>();
  for (const [variable, source] of object(value, where)) {
    const place = `${where}.${printable(variable)}`;
    const name = string(source, place);
    if (!isValueName(name)) throw new FormatError(`${place} names neither a field nor an extra`);
    mapping.set(variableName(variable), name);
  }
  return mapping;
}

/** A credential in a file that gets committed is a leak: the file is refused, and the value not repeated. */
function refuseCredentials(value: Json, where: string, depth = 0): void {
  if (depth > DEEPEST) throw new FormatError('nested too deeply');
  if (typeof value === 'string' && looksLikeCredential(value)) throw credential(where);
  if (value === null || typeof value !== 'object') return;
  for (const [key, member] of Object.entries(value)) {
    if (looksLikeCredential(key)) throw credential(`a key of ${where || 'it'}`);
    refuseCredentials(member, where ? `${where}.${printable(key)}` : printable(key), depth + 1);
  }
}

class CredentialFound extends FormatError {}

function credential(where: string): FormatError {
  return new CredentialFound(`${where} is shaped like a credential`);
}

function refused(path: string, error: FormatError): Failure {
  const hint =
    error instanceof CredentialFound
      ? 'this file is meant to be committed: take the value out and store it with twvault set'
      : 'it holds names only: profile or profiles, preset, presets, env (NAME: field), only or without, account and mask';
  return failed(`${path} is refused: ${error.message}`, [hint], error);
}
