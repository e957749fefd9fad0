import { removePrivate, strayFiles } from '../system/files.ts';
import { withLock } from '../system/lock.ts';
import { lockPath, profilesDirectory, type Vault } from './vault.ts';

/** Throws where the lock was lost meanwhile; called last before anything is put in place. */
export type StillHeld = () => void;

/** Runs work under the lock of a vault. What a killed writer left goes first: with the lock held, it is no one's. */
export async function exclusively<T>(vault: Vault, work: (stillHeld: StillHeld) => Promise<T>): Promise<T> {
  return withLock(lockPath(vault.home), async (stillHeld) => {
    sweep(vault);
    return work(stillHeld);
  });
}

function sweep({ home, index }: Vault): void {
  for (const directory of [home, profilesDirectory(home), index.directory]) {
    for (const stray of strayFiles(directory)) removePrivate(stray);
  }
}
