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
  const callback = (size: number, bytes: Uint8Array) =>
    take(Buffer.from(bytes.buffer, bytes.byteOffset, size));
  return new Socket({ fd, writable: false, onread: { buffer, callback } } as object);
}
