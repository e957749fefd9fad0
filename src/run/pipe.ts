import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeReader } from '#installation/pipe';
import type { PipeReader } from '../installation/ports.ts';
import { programNamed } from '../system/program.ts';
import { CHUNKS_IN_FLIGHT } from './relay.ts';

/** Both ends of a pipe, as descriptors. */
export interface Pipe {
  readonly readEnd: number;
  readonly writeEnd: number;
}

/** More than a pipe holds, so that one read shows that there is no more. */
const CHUNK = 128 * 1024;
/** In front of each chunk, for what is held back of the one before. */
const ROOM = 4096;

/**
 * A pipe for each of a number of outputs. Node itself gives a child sockets, which cannot be opened as /dev/stdout and
 * /dev/stderr; a named pipe can, and its name is gone before the child starts.
 * @returns undefined where the system makes none
 */
export function makePipes(count: number): Pipe[] | undefined {
  if (process.platform === 'win32') return undefined;
  const mkfifo = programNamed('mkfifo', process.env);
  if (mkfifo === undefined) return undefined;
  try {
    return pipesIn(mkdtempSync(join(tmpdir(), 'twvault-')), mkfifo, count);
  } catch {
    return undefined;
  }
}

function pipesIn(folder: string, mkfifo: string, count: number): Pipe[] | undefined {
  try {
    const paths = Array.from({ length: count }, (_, index) => join(folder, String(index)));
    if (spawnSync(mkfifo, ['-m', '600', ...paths]).status !== 0) return undefined;
    return paths.map(openBoth);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The reading end first: opened without waiting, it lets the writing end open at once. */
function openBoth(path: string): Pipe {
  const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return { readEnd, writeEnd: openSync(path, constants.O_WRONLY) };
  } catch (error) {
    closeSync(readEnd);
    throw error;
  }
}

/** Reads a pipe into a few buffers that are used in turn: one is read into while the others wait to be written. */
export function readPipe(fd: number, take: (chunk: Buffer, room: number) => boolean): PipeReader {
  const buffers = Array.from({ length: CHUNKS_IN_FLIGHT + 1 }, () =>
    Buffer.allocUnsafeSlow(ROOM + CHUNK).subarray(ROOM),
  );
  let turn = 0;
  const buffer = () => buffers[turn++ % buffers.length] as Buffer;
  return pipeReader(fd, buffer, (chunk) => take(chunk, ROOM));
}
