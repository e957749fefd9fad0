import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { failed, systemCode } from '../failure.ts';
import { fileFailure } from './files.ts';

/** A small file that is not the vault's own: what is in it and where it leads may be anyone's choice. */
export interface ForeignFile {
  readonly bytes: Buffer;
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
      if (!fstatSync(fd).isFile()) throw failed(`${path} is not a regular file`);
      return { bytes: contentOf(fd, path, limit) };
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
