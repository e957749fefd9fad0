import { lock } from 'proper-lockfile';
import { failed, systemCode } from '../failure.ts';
import { fileFailure } from './files.ts';

/** A holder refreshes its lock every second; one that has not for this long is dead or stopped. */
const STALE_MS = 5000;
const WAIT = { retries: 600, factor: 1.3, minTimeout: 4, maxTimeout: 60, randomize: true };

/**
 * Runs work while no other process that asks for the same lock does.
 * `stillHeld` throws where the lock was lost meanwhile (this process was stopped for longer than STALE_MS): call it
 * last before anything is put in place.
 * @throws Failure where the lock cannot be had within about half a minute
 */
export async function withLock<T>(path: string, work: (stillHeld: () => void) => Promise<T>): Promise<T> {
  let isLost = false;
  const release = await lock(path, {
    lockfilePath: path,
    realpath: false,
    stale: STALE_MS,
    update: 1000,
    retries: WAIT,
    onCompromised: () => {
      isLost = true;
    },
  }).catch((error: unknown) => {
    throw lockFailure(path, error);
  });
  try {
    return await work(() => {
      if (isLost)
        throw failed('another process took over the lock; nothing was changed', ['run the command again']);
    });
  } finally {
    // A lock that was taken over is no longer this process's to release.
    if (!isLost) await release().catch(() => {});
  }
}

function lockFailure(path: string, error: unknown): Error {
  if (systemCode(error) !== 'ELOCKED') return fileFailure('lock', path, error);
  return failed(
    'another twvault has held the lock for too long',
    [`if none is running, remove ${path}`],
    error,
  );
}
