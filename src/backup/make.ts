import { existsSync, readFileSync } from 'node:fs';
import { type Failure, failed } from '../failure.ts';
import { timestampAt } from '../profile/profile.ts';
import { fileFailure, replaceFile } from '../system/files.ts';
import { exclusively } from '../vault/exclusive.ts';
import { homePresets } from '../vault/presets.ts';
import type { Vault } from '../vault/vault.ts';
import type { Backup } from './document.ts';
import { planRestore } from './plan.ts';

/**
 * All profiles of a vault as they are at one moment, and its user's presets.
 * @throws Failure where one cannot be read, or inherits from one that is nowhere: no backup is made that could not be
 * restored whole
 */
export async function makeBackup(vault: Vault): Promise<Backup> {
  await vault.store.open();
  return exclusively(vault, async () => {
    const names = await vault.names();
    const profiles = [];
    for (const name of names) profiles.push(await vault.read(name));
    const preferred = vault.config.default;
    const presets = homePresets(vault.home);
    const backup = {
      made: timestampAt(Date.now()),
      ...(preferred !== undefined && names.includes(preferred) ? { default: preferred } : {}),
      profiles,
      ...(presets.size > 0 ? { presets } : {}),
    };
    await planRestore(null, backup, 'add');
    return backup;
  });
}

/** Writes a file that only its owner can read, and reads it back. @param isReplacing whether one may be there already */
export function keepBackup(path: string, sealed: Uint8Array, isReplacing: boolean): void {
  replaceFile(path, sealed, () => {
    if (!isReplacing && existsSync(path)) throw backupExists(path);
  });
  if (!readBack(path).equals(sealed)) throw failed(`${path} does not read back as it was written`);
}

export const backupExists = (path: string): Failure =>
  failed(`${path} exists already`, ['name a new file, or say --force to replace it']);

function readBack(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw fileFailure('read', path, error);
  }
}
