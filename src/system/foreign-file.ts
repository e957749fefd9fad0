import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, statSync } from 'node:fs';
import { failed, systemCode } from '../failure.ts';
import { fileFailure } from './files.ts';

/** A small file that is not the vault's own: what is in it and where it leads may be anyone's choice. */
export interface ForeignFile {
  readonly bytes: Buffer;
  /** The user ids that own it, and the link that led to it. */
  readonly owners: readonly number[];
}

/** A device or a pipe is opened without waiting, and found out by what it is. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/**
 * Reads one; undefined where there is none. Links are followed, to regular files only.
 * @throws Failure exit 1 where it is something else, larger than `limit` bytes, or cannot be read
 */
export function readForeign(path: string, limit: number): ForeignFile | undefined {
  try {
    const fd = openSync(path, FLAGS);
    try {
      const stat = fstatSync(fd);
      if (!stat.isFile()) throw failed(`${path} is not a regular file`);
      return { bytes: contentOf(fd, path, limit), owners: [stat.uid, lstatSync(path).uid] };
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw fileFailure('read', path, error);
  }
}

/** Its size says nothing where it grows meanwhile, or lies under /proc. */
function contentOf(fd: number, path: string, limit: number): Buffer {
  const bytes = Buffer.allocUnsafe(limit + 1);
  let length = 0;
  for (let count = -1; count !== 0 && length <= limit; length += count)
    count = readSync(fd, bytes, length, limit + 1 - length, null);
  if (length > limit) throw failed(`${path} is too large (at most ${limit} bytes)`);
  return bytes.subarray(0, length);
}

/**
 * Refuses a file that another user put here, as git refuses another user's repository. For root, who also works in
 * folders of others (a container's bind mount, sudo), the working folder's owner counts too.
 * @throws Failure exit 1
 */
export function checkOwners(path: string, { owners }: ForeignFile, cwd: string): void {
  const user = process.geteuid?.();
  if (user === undefined) return;
  const trusted = [user, 0, ...(user === 0 ? [statSync(cwd).uid] : [])];
  const other = owners.find((owner) => !trusted.includes(owner));
  if (other === undefined) return;
  throw failed(`${path} belongs to another user (uid ${other}), who could choose what a command gets`, [
    `if you trust it, make it your own: chown ${user} ${path}`,
  ]);
}
