import { writev } from 'node:fs';
import { systemCode } from '../failure.ts';

const AGAIN_MS = 5;

/**
 * One of this process's outputs. Writing happens in a thread: a reader that takes its time holds up neither signals nor
 * the other output, and the descriptor, which others share, keeps its mode.
 */
export class Outlet {
  /** Why nothing can be written any more. */
  error: NodeJS.ErrnoException | undefined;
  readonly #fd: number;
  #parts: Buffer[] = [];
  #written: (() => void)[] = [];
  #isWriting = false;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Writes after what was given before. The parts must stay as they are until they are written, or never can be. */
  write(parts: readonly Buffer[], written: () => void): void {
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

  #writeAll(parts: Buffer[], done: () => void): void {
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

function after(parts: Buffer[], count: number): Buffer[] {
  let rest = count;
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] as Buffer;
    if (rest < part.length) return [part.subarray(rest), ...parts.slice(index + 1)];
    rest -= part.length;
  }
  return [];
}
