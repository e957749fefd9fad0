import { bindFolder } from '../project/project-file.ts';
import type { Vault } from '../vault/vault.ts';
import type { Context } from './context.ts';
import { say } from './voice.ts';

/** Writes into this folder's .twvault.json which profile is used here. @throws Failure exit 4 where it does not exist */
export async function bindHere(context: Context, vault: Vault, name: string): Promise<void> {
  await vault.checkExists(name);
  const path = bindFolder(context.cwd(), name);
  say(`${name} is used in this folder (${path})`);
}
