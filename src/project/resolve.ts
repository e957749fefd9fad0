import { failed, missing, usage } from '../failure.ts';
import { profileName } from '../profile/names.ts';
import type { Variables } from '../system/paths.ts';
import type { VaultConfig } from '../vault/config.ts';
import type { Project } from './project-file.ts';

/** Which profile to use, and what said so. */
export interface Choice {
  readonly name: string;
  readonly because: 'option' | 'TWVAULT_PROFILE' | 'project' | 'default' | 'only';
}

/** What a choice needs to know of a vault. */
interface Profiles {
  readonly config: Pick<VaultConfig, 'default'>;
  names(): Promise<string[]>;
}

export interface ChoiceInput {
  /** The value of -p, if given. */
  readonly option?: string | undefined;
  readonly env: Variables;
  readonly project?: Project | undefined;
  readonly vault: Profiles;
}

/**
 * The first of: the option, TWVAULT_PROFILE, the project's file, the default, the only profile there is. Whether the
 * profile exists is for its reader to say; a name that does not never falls back to another.
 * @throws Failure exit 4 listing the profiles
 */
export async function chooseProfile({ option, env, project, vault }: ChoiceInput): Promise<Choice> {
  if (option !== undefined) return { name: profileName(option), because: 'option' };
  if (env.TWVAULT_PROFILE) return { name: profileName(env.TWVAULT_PROFILE), because: 'TWVAULT_PROFILE' };
  if (project?.profile !== undefined) return { name: project.profile, because: 'project' };
  if (project?.profiles) {
    throw usage(`${project.path} names several profiles`, [
      `choose one with -p: ${project.profiles.join(', ')}`,
    ]);
  }
  if (vault.config.default !== undefined) return { name: vault.config.default, because: 'default' };
  const names = await vault.names();
  const [only] = names;
  if (only === undefined) throw missing('the vault has no profile yet', ['add one: twvault add personal']);
  if (names.length === 1) return { name: only, because: 'only' };
  throw missing('several profiles, and none chosen', [
    `choose one with -p NAME, or make one the default: twvault use NAME`,
    `profiles: ${names.join(', ')}`,
  ]);
}

/** What to do where the profile that was chosen is not there; undefined where the user has just typed its name. */
export function whereChosen({ name, because }: Choice, project: Project | undefined): string | undefined {
  const anew = `store it: twvault add ${name}`;
  if (because === 'project')
    return `${project?.path} names it: ${anew}, or choose another: twvault use NAME --here`;
  if (because === 'TWVAULT_PROFILE')
    return `TWVAULT_PROFILE names it: ${anew}, or change or unset the variable`;
  return because === 'default'
    ? `it is the default: ${anew}, or choose another: twvault use NAME`
    : undefined;
}

/** Refuses an account other than the one that the project is pinned to. */
export function checkAccount(project: Project | undefined, name: string, id: string | undefined): void {
  if (project?.account === undefined || project.account === id) return;
  throw failed(
    `${project.path} is pinned to account ${project.account}, but ${name} belongs to ${id ?? 'no known account'}`,
    ['choose the right profile with -p, or correct the pin'],
  );
}
