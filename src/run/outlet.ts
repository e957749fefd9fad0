import { constants, fstatSync, openSync, writev, writevSync } from 'node:fs';
import { systemCode } from '../failure.ts';

const AGAIN_MS = 5;

/**
 * One of this process's outputs. What it takes at once is written at once; what it does not is written in a thread, so
 * that a reader who takes their time holds up neither signals nor the other output. The descriptor, which others share,
 * keeps its mode.
 */
export class Outlet {
  /** Why nothing can be written any more. */
  error: NodeJS.ErrnoException | undefined;
  readonly #fd: number;
  /** A descriptor that never makes this process wait, where there is one. */
  readonly #prompt: number | undefined;
  #parts: Buffer[] = [];
  #written: (() => void)[] = [];
  #isWriting = false;

  constructor(fd: number) {
    this.#fd = fd;
    this.#prompt = promptly(fd);
  }

  /** Writes after what was given before. The parts must stay as they are until they are written, or never can be. */
  write(parts: readonly Buffer[], written: () => void): void {
    if (!this.#isWriting && this.#prompt !== undefined && !this.error) {
      const rest = this.#tryAtOnce(this.#prompt, parts);
      if (rest.length === 0) written();
      else this.#enqueue(rest, written);
    } else this.#enqueue(parts, written);
  }

  #enqueue(parts: readonly Buffer[], written: () => void): void {
    this.#parts.push(...parts);
    this.#written.push(written);
    if (!this.#isWriting) this.#next();
  }

  /** Gives what could not be written without waiting. */
  #tryAtOnce(fd: number, parts: readonly Buffer[]): readonly Buffer[] {
    if (parts.length === 0) return parts;
    try {
      return after(parts, writevSync(fd, parts));
    } catch {
      return parts; // the thread will find out why
    }
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

/** A pipe is opened once more, so that being non-blocking stays our own affair; Linux alone opens it anew. */
function promptly(fd: number): number | undefined {
  try {
    const stat = fstatSync(fd);
    if (stat.isFile()) return fd;
    if (process.platform !== 'linux' || !stat.isFIFO()) return undefined;
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK);
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
