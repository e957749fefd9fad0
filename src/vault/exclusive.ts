import { removePrivate, strayFiles } from '../system/files.ts';
import { withLock } from '../system/lock.ts';
import { readConfig } from './config.ts';
import { lockPath, movedMeanwhile, profilesDirectory, type Vault } from './vault.ts';

/** Throws where the lock was lost meanwhile; called last before anything is put in place. */
export type StillHeld = () => void;

/**
 * Runs work under the lock of a vault. What a killed writer left goes first: with the lock held, it is no one's.
 * @throws Failure where the profiles were moved to the other store since the vault was opened
 */
export async function exclusively<T>(vault: Vault, work: (stillHeld: StillHeld) => Promise<T>): Promise<T> {
  return withLock(lockPath(vault.home), async (stillHeld) => {
    checkStore(vault);
    if (!swept.has(vault)) sweep(vault);
    swept.add(vault);
    return work(stillHeld);
  });
}

/** Vaults whose stray files this process has looked for: among ten thousand profiles that takes longer than a write. */
const swept = new WeakSet<Vault>();

function checkStore({ home, config }: Vault): void {
  const now = readConfig(home);
  if (now && now.store !== config.store) throw movedMeanwhile();
}

function sweep({ home, index }: Vault): void {
  for (const directory of [home, profilesDirectory(home), index.directory]) {
    for (const stray of strayFiles(directory)) removePrivate(stray);
  }
}
