import { constants, fstatSync, openSync, writev } from 'node:fs';
import { Socket } from 'node:net';
import { systemCode } from '../failure.ts';

const AGAIN_MS = 5;

/**
 * One of this process's outputs. A reader who takes their time holds up neither signals nor the other output, and the
 * descriptor, which others share, keeps its mode: a pipe is opened once more and written when it takes something, the
 * rest is written in a thread.
 */
export class Outlet {
  /** Why nothing can be written any more. */
  error: NodeJS.ErrnoException | undefined;
  readonly #fd: number;
  readonly #pipe: Socket | undefined;
  #parts: Buffer[] = [];
  #written: (() => void)[] = [];
  #isWriting = false;

  constructor(fd: number) {
    this.#fd = fd;
    this.#pipe = pipeOf(fd);
    this.#pipe?.on('error', (error) => {
      this.error = error;
    });
  }

  /** Writes after what was given before. The parts must stay as they are until they are written, or never can be. */
  write(parts: readonly Buffer[], written: () => void): void {
    if (!this.#pipe) this.#enqueue(parts, written);
    else this.#writeToPipe(this.#pipe, parts, written);
  }

  #writeToPipe(pipe: Socket, parts: readonly Buffer[], written: () => void): void {
    const last = parts.at(-1) ?? Buffer.alloc(0);
    const done = (error?: NodeJS.ErrnoException | null) => {
      this.error ??= error ?? undefined;
      written();
    };
    if (parts.length > 1) pipe.cork();
    for (const part of parts.slice(0, -1)) pipe.write(part);
    pipe.write(last, done);
    if (parts.length > 1) pipe.uncork();
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

/** Linux alone opens a pipe anew, with a mode of its own. */
function pipeOf(fd: number): Socket | undefined {
  try {
    if (process.platform !== 'linux' || !fstatSync(fd).isFIFO()) return undefined;
    const again = openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK);
    return new Socket({ fd: again, readable: false, writable: true });
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
