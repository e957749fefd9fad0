import { constants, fstatSync, openSync, writev, writevSync } from 'node:fs';
import { Socket } from 'node:net';
import { HAS_PIPE_SOCKETS } from '#installation/pipe';
import { systemCode } from '../failure.ts';

const AGAIN_MS = 5;

/**
 * One of this process's outputs. A reader who takes their time holds up neither signals nor the other output, and the
 * descriptor, which others share, keeps its mode: a pipe is opened once more and written when it takes something,
 * anything else is written in a thread.
 */
export class Outlet {
  /** Why nothing can be written any more. */
  error: NodeJS.ErrnoException | undefined;
  readonly #fd: number;
  readonly #pipe: OpenPipe | undefined;
  #parts: Buffer[] = [];
  #written: (() => void)[] = [];
  #isWriting = false;

  constructor(fd: number) {
    this.#fd = fd;
    this.#pipe = pipeOf(fd);
    this.#pipe?.stream.on('error', (error) => {
      this.error = error;
    });
  }

  /** Writes after what was given before. The parts must stay as they are until they are written, or never can be. */
  write(parts: readonly Buffer[], written: () => void): void {
    if (!this.#pipe) this.#enqueue(parts, written);
    else this.#writeToPipe(this.#pipe, parts, written);
  }

  #writeToPipe({ fd, stream }: OpenPipe, parts: readonly Buffer[], written: () => void): void {
    const rest = stream.writableLength === 0 ? this.#writeAtOnce(fd, parts) : parts;
    const last = rest.at(-1);
    if (!last) {
      written();
      return;
    }
    stream.cork();
    for (const part of rest.slice(0, -1)) stream.write(part);
    stream.write(last, (error) => {
      this.error ??= error ?? undefined;
      written();
    });
    stream.uncork();
  }

  /** Writes what the pipe takes now, past the stream and its costs, and gives what it does not. */
  #writeAtOnce(fd: number, parts: readonly Buffer[]): readonly Buffer[] {
    if (parts.length === 0 || this.error) return [];
    try {
      return after(parts, writevSync(fd, parts));
    } catch (error) {
      if (systemCode(error) === 'EAGAIN') return parts;
      this.error = error as NodeJS.ErrnoException;
      return [];
    }
  }

  #enqueue(parts: readonly Buffer[], written: () => void): void {
    this.#parts.push(...parts);
    this.#written.push(written);
    if (!this.#isWriting) this.#next();
  }

  #next(): void {
    const [parts, written] = [this.#parts, this.#written];
    [this.#parts, this.#written] = [[], []];
    this.#isWriting = true;
    this.#writeAll(parts, () => {
      this.#isWriting = false;
      for (const tell of written) tell();
      if (this.#written.length > 0 && !this.#isWriting) this.#next();
    });
  }

  #writeAll(parts: readonly Buffer[], done: () => void): void {
    if (parts.length === 0 || this.error) {
      done();
      return;
    }
    writev(this.#fd, parts, (error, count) => {
      if (!error) {
        this.#writeAll(after(parts, count), done);
      } else if (systemCode(error) === 'EAGAIN') {
        // Somebody who shares the descriptor made it non-blocking.
        setTimeout(() => this.#writeAll(parts, done), AGAIN_MS);
      } else {
        this.error = error;
        done();
      }
    });
  }
}

/** A pipe that takes what it can at once, and as a stream the rest when it can. */
interface OpenPipe {
  readonly fd: number;
  readonly stream: Socket;
}

/** Linux alone opens a pipe anew, with a mode of its own. */
function pipeOf(fd: number): OpenPipe | undefined {
  try {
    if (!HAS_PIPE_SOCKETS || process.platform !== 'linux' || !fstatSync(fd).isFIFO()) return undefined;
    const again = openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK);
    return { fd: again, stream: new Socket({ fd: again, readable: false, writable: true }) };
  } catch {
    return undefined;
  }
}

function after(parts: readonly Buffer[], count: number): readonly Buffer[] {
  let rest = count;
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] as Buffer;
    if (rest < part.length) return [part.subarray(rest), ...parts.slice(index + 1)];
    rest -= part.length;
  }
  return [];
}
