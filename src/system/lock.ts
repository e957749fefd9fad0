import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { failed, systemCode } from '../failure.ts';
import { fileFailure } from './files.ts';

/** A holder refreshes its lock every second; one that has not for this long is dead or stopped. */
const STALE_MS = 5000;
const REFRESH_MS = 1000;
const PATIENCE_MS = 30_000;
const LARGE = { bigint: true, throwIfNoEntry: false } as const;
const [SHORTEST_WAIT_MS, LONGEST_WAIT_MS] = [4, 60];

export interface LockOptions {
  /** How long to wait for the lock. */
  readonly patience?: number;
  /**
   * Believe that a holder is dead only after having watched its lock stand still for STALE_MS, by a clock that does not
   * jump. Without it the lock's age is enough, so that a crash costs the next writer no time.
   */
  readonly isWatching?: boolean;
  /** The error where the lock cannot be had in time. */
  readonly onTooLong?: (path: string) => Error;
}

/**
 * Runs work while no other process that asks for the same lock does.
 * `stillHeld` throws where the lock was lost meanwhile (this process was stopped for longer than STALE_MS): call it
 * last before anything is put in place.
 *
 * A lock is an empty file; its holder keeps it open, so that nobody else's can have the same inode number. Written here
 * because proper-lockfile lets two processes take a stale lock over at once (the slower one removes the new lock of
 * the quicker), learns of a lost lock by a timer only, and brings signal handlers (signal-exit) that kill the process
 * on SIGXFSZ before the error is told.
 * @throws Failure where the lock cannot be had within about half a minute
 */
export async function withLock<T>(
  path: string,
  work: (stillHeld: () => void) => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const fd = await acquire(path, options).catch((error: unknown) => {
    throw fileFailure('lock', path, error);
  });
  const { ino } = fs.fstatSync(fd, LARGE);
  const isHeld = () => fs.statSync(path, LARGE)?.ino === ino;
  const release = () => {
    if (isHeld()) fs.rmSync(path, { force: true });
  };
  const refresh = setInterval(() => touch(fd), REFRESH_MS).unref();
  process.once('exit', release);
  try {
    return await work(() => {
      if (!isHeld())
        throw failed('another process took over the lock; nothing was changed', ['run the command again']);
    });
  } finally {
    clearInterval(refresh);
    process.off('exit', release);
    try {
      release();
      fs.closeSync(fd);
    } catch {
      // It goes stale by itself.
    }
  }
}

type Staleness = (path: string) => boolean;

async function acquire(path: string, options: LockOptions): Promise<number> {
  const { patience = PATIENCE_MS, isWatching = false, onTooLong = heldTooLong } = options;
  const deadline = performance.now() + patience;
  const isStale = isWatching ? watched() : isOld;
  for (let wait = SHORTEST_WAIT_MS; ; wait = Math.min(wait * 1.3, LONGEST_WAIT_MS)) {
    const fd = claim(path);
    if (fd !== null) return fd;
    if (isStale(path)) takeAway(path, isStale);
    else if (performance.now() > deadline) throw onTooLong(path);
    else await sleep(wait * (1 + Math.random()));
  }
}

function claim(path: string): number | null {
  try {
    return fs.openSync(path, 'wx', 0o600);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return null;
    throw error;
  }
}

/** Moves a stale lock aside, and puts it back where another had replaced it by its own in the meantime. */
function takeAway(path: string, isStale: Staleness): void {
  const aside = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  try {
    fs.renameSync(path, aside);
    if (!isStale(aside)) fs.linkSync(aside, path);
  } catch (error) {
    // Someone else took it away, or has the lock by now: its holder will find its own gone.
    if (!['ENOENT', 'EEXIST'].includes(systemCode(error))) throw error;
  } finally {
    fs.rmSync(aside, { recursive: true, force: true });
  }
}

function isOld(path: string): boolean {
  const stat = fs.statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && stat.mtimeMs < Date.now() - STALE_MS;
}

/** True for a lock that was the same, time and all, whenever it was looked at during STALE_MS. */
function watched(): Staleness {
  let [seen, since] = ['', 0];
  return (path) => {
    const stat = fs.statSync(path, LARGE);
    if (!stat) return false;
    const state = `${stat.ino} ${stat.mtimeNs}`;
    if (state !== seen) [seen, since] = [state, performance.now()];
    return performance.now() - since > STALE_MS;
  };
}

function touch(fd: number): void {
  try {
    const now = new Date();
    fs.futimesSync(fd, now, now);
  } catch {
    // The next beat tries again; past STALE_MS the lock is lost, which stillHeld notices.
  }
}

function heldTooLong(path: string): Error {
  return failed('another twvault has held the lock for too long', [`if none is running, remove ${path}`]);
}
