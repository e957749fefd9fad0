import { abandonedFiles } from '../../agent/abandoned.ts';
import { Failure } from '../../failure.ts';
import { looseMode, removePrivate, tighten } from '../../system/files.ts';
import { Editor } from '../../vault/editor.ts';
import { openVault } from '../../vault/open.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Context } from '../context.ts';
import { privatePaths } from './vault-checks.ts';

type Mending = (vault: Vault, context: Context) => Promise<string[]>;

const MENDINGS: readonly Mending[] = [permissions, agents, index];

/** Mends what can be mended without losing anything, each as far as it goes, and says what was done. */
export async function mend(context: Context): Promise<string[]> {
  const vault = await openVault(context);
  if (!vault) return [];
  const done: string[] = [];
  for (const mending of MENDINGS) {
    try {
      done.push(...(await mending(vault, context)));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      done.push(`could not go on: ${error.message}`);
    }
  }
  return done;
}

async function permissions(vault: Vault): Promise<string[]> {
  const loose = privatePaths(vault).filter((path) => looseMode(path) !== undefined);
  for (const path of loose) tighten(path);
  return loose.map((path) => `made ${path} private`);
}

async function agents(_: Vault, { env }: Context): Promise<string[]> {
  const files = await abandonedFiles(env);
  for (const path of files) removePrivate(path);
  return files.map((path) => `removed ${path}, which an agent left`);
}

/** Takes left-over files and a dead writer's lock away as well, as every change does. */
async function index(vault: Vault): Promise<string[]> {
  const unreadable = await new Editor(vault).rebuildIndex();
  return [
    'made the index anew from the profiles',
    ...unreadable.map(({ name, failure }) => `could not read ${name}: ${failure.message}`),
  ];
}
