import { failed, missing } from '../failure.ts';
import { type Project, projectOf } from '../project/project-file.ts';
import { chooseProfile } from '../project/resolve.ts';
import { type Variables, vaultHome } from '../system/paths.ts';
import type { Asker, Surroundings } from '../vault/open.ts';
import { openVault } from '../vault/open.ts';
import type { Vault } from '../vault/vault.ts';
import { say } from './voice.ts';

/** Where a command runs: read once, at the start, and handed down. */
export interface Context extends Surroundings {
  readonly env: Variables;
  readonly cwd: () => string;
}

export function createContext(): Context {
  return { env: process.env, home: vaultHome(process.env), cwd: workingFolder, terminal, say };
}

/** @throws Failure where it was removed: what its .twvault.json said cannot be known any more */
function workingFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw failed('the working folder is gone', ['change to one that is there'], error);
  }
}

/** The terminal to ask on, or undefined where there is none. The prompts are loaded when something is asked. */
async function terminal(): Promise<Asker | undefined> {
  const { hasTerminal } = await import('../system/terminal.ts');
  if (!hasTerminal()) return undefined;
  return async (question) => (await import('./prompt.ts')).askSecret(question);
}

/**
 * The vault that is set up here.
 * @throws Failure exit 4 where there is none
 */
export async function vaultOf(context: Context): Promise<Vault> {
  const vault = await openVault(context);
  if (vault) return vault;
  throw missing('there is no vault yet', ['twvault setup makes one and takes your keys in, step by step']);
}

/** The profile that a command without a name means, and the project that had a say in it. */
export async function chosen(
  context: Context,
  vault: Vault,
  option: string | undefined,
): Promise<{ name: string; project: Project | undefined }> {
  const project = projectOf(context.cwd());
  const { name } = await chooseProfile({ option, env: context.env, project, vault });
  return { name, project };
}
