import { readSync } from 'node:fs';
import { Socket } from 'node:net';
import type { PipeReader } from '../ports.ts';

/** Whether a named pipe can be a socket of the runtime's. */
export const HAS_PIPE_SOCKETS: boolean = true;

/**
 * Reads a pipe.
 * @param buffer what the next bytes are read into
 * @param take gets them, and says whether more may come at once
 */
export function pipeReader(fd: number, buffer: () => Buffer, take: (chunk: Buffer) => boolean): PipeReader {
  let spare: Buffer | undefined;
  const next = () => {
    const one = spare ?? buffer();
    spare = undefined;
    return one;
  };
  const callback = (size: number, bytes: Uint8Array) => {
    if (!take(Buffer.from(bytes.buffer, bytes.byteOffset, size))) return false;
    // What has come meanwhile is read at once: a turn of the event loop for each chunk would take a third of the time.
    for (let turn = 0; turn < TURNS; turn += 1) {
      const more = next();
      const count = readNow(fd, more);
      if (count <= 0) {
        spare = more;
        return true; // at the end, the stream finds it by itself
      }
      if (!take(more.subarray(0, count))) return false;
    }
    return true;
  };
  return new Socket({ fd, writable: false, onread: { buffer: next, callback } } as object);
}

/** So many chunks in a row, before signals and the other output have their turn. */
const TURNS = 16;

/** How much was there to be read: -1 where nothing is yet. */
function readNow(fd: number, buffer: Buffer): number {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0; // nothing to read comes as an error, whose stack would cost more than the read
  try {
    return readSync(fd, buffer);
  } catch {
    return -1;
  } finally {
    Error.stackTraceLimit = limit;
  }
}
