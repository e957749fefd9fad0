import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Failure } from '../../failure.ts';
import { DEFAULT_PRESET, type FieldName } from '../../profile/fields.ts';
import { fieldOrigins } from '../../profile/inherit.ts';
import { type Project, projectOf } from '../../project/project-file.ts';
import { type Choice, chooseProfile } from '../../project/resolve.ts';
import { repositoryRoot } from '../../system/repository.ts';
import { sourceOf } from '../../unlock/unattended.ts';
import type { StoreKind } from '../../vault/config.ts';
import { openVault } from '../../vault/open.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Context } from '../context.ts';
import { guardsHere, isGuarded } from '../guarding.ts';
import { isOfProject, placesNearBy, sourcesIn } from '../import/near-by.ts';
import { presetIn, programIn } from './program.ts';

/** Where the user stands, as far as that can be told without opening or asking anything. */
export interface Standing {
  readonly home: string;
  /** Null where there is no vault. */
  readonly store: StoreKind | null;
  readonly profiles: readonly string[];
  /** What exec would use here; null where nothing says it. */
  readonly here: Here | null;
  /** Whether commands would look for an identity that they do not find. */
  readonly isIdentityMissing: boolean;
  readonly plaintext: Plaintext;
  /** Null where no guard is possible. */
  readonly guard: 'installed' | 'missing' | null;
  /** How to start the bot in this folder with its keys. */
  readonly run: string;
  /** What cannot be used as it is. */
  readonly troubles: readonly string[];
}

interface Here {
  readonly profiles: readonly string[];
  readonly because: Choice['because'];
}

/** Files near by that hold keys of X in the open. */
interface Plaintext {
  /** Of this project. */
  readonly here: readonly string[];
  /** Of tools, in the home directory. */
  readonly inHome: readonly string[];
  /** False where there are more files than were looked at. */
  readonly isWhole: boolean;
}

/** Looks around. What is damaged or refused is one of the troubles, not a failure. */
export async function lookAround(context: Context): Promise<Standing> {
  const troubles: string[] = [];
  const attempt = async <T>(work: () => T | Promise<T>): Promise<T | null> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      troubles.push(error.message);
      return null;
    }
  };
  const cwd = context.cwd();
  const vault = await attempt(() => openVault({ ...context, terminal: async () => undefined }));
  const profiles = (vault && (await attempt(() => vault.names()))) ?? [];
  const project = (await attempt(() => projectOf(cwd))) ?? undefined;
  const here = vault && (await hereOf(context, vault, project));
  const files = withinReach(placesNearBy(cwd, context.env));
  return {
    home: context.home,
    store: vault?.config.store ?? null,
    profiles,
    here,
    isIdentityMissing:
      vault?.config.identity === 'elsewhere' && sourceOf('identity', context.env) === undefined,
    plaintext: plaintextIn(files, cwd),
    guard: await guardOf(context),
    run: runLine(cwd, files.looked, project?.preset, here ? fieldsOf(vault, here.profiles) : new Set()),
    troubles,
  };
}

async function hereOf({ env }: Context, vault: Vault, project: Project | undefined): Promise<Here | null> {
  if (project?.profiles && !env.TWVAULT_PROFILE) return { profiles: project.profiles, because: 'project' };
  try {
    const { name, because } = await chooseProfile({ env, project, vault });
    return { profiles: [name], because };
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

function fieldsOf(vault: Vault, profiles: readonly string[]): ReadonlySet<FieldName> {
  return new Set(profiles.flatMap((name) => [...fieldOrigins(vault.entryChain(name)).keys()]));
}

interface Files {
  readonly looked: readonly string[];
  readonly isWhole: boolean;
}

/** Enough for the files of a bot, and read in a moment. */
const MOST_FILES = 200;
const MOST_BYTES = 512 * 1024;

function withinReach(places: readonly string[]): Files {
  const looked: string[] = [];
  let bytes = 0;
  for (const path of places) {
    bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (bytes > MOST_BYTES || looked.length === MOST_FILES) return { looked, isWhole: false };
    looked.push(path);
  }
  return { looked, isWhole: true };
}

function plaintextIn({ looked, isWhole }: Files, cwd: string): Plaintext {
  const paths = sourcesIn(looked).map(({ path }) => path);
  const here = paths.filter((path) => isOfProject(cwd, path));
  return { here, inHome: paths.filter((path) => !here.includes(path)), isWhole };
}

/** Git is asked only where there is a repository. */
async function guardOf(context: Context): Promise<Standing['guard']> {
  if (repositoryRoot(context.cwd()) === undefined) return null;
  try {
    return isGuarded(await guardsHere(context)) ? 'installed' : 'missing';
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

/** How to start the bot in this folder as a profile. */
export async function lineFor(context: Context, vault: Vault, profile: string): Promise<string> {
  const cwd = context.cwd();
  const project = projectOf(cwd);
  const here = await hereOf(context, vault, project);
  const { looked } = withinReach(placesNearBy(cwd, context.env));
  const option = here?.profiles.includes(profile) ? '' : ` -p ${profile}`;
  return runLine(cwd, looked, project?.preset, fieldsOf(vault, [profile]), option);
}

/** @param preset the one that the project has, which counts by itself */
function runLine(
  cwd: string,
  files: readonly string[],
  preset: string | undefined,
  fields: ReadonlySet<FieldName>,
  option = '',
): string {
  const own = files.filter((file) => isOfProject(cwd, file)).map((file) => resolve(cwd, file));
  const fitting = preset === undefined ? presetIn(own, fields) : DEFAULT_PRESET;
  const as = fitting === DEFAULT_PRESET ? '' : ` --as ${fitting}`;
  return `twvault exec${option}${as} -- ${programIn(cwd)}`;
}
