import { EventEmitter } from 'node:events';
import { closeSync, read } from 'node:fs';
import type { PipeReader } from './npm.ts';

/**
 * Reads a pipe by calls that wait in a thread of the runtime. One that is destroyed may have such a call left; the pipe
 * is closed behind it, and not before, since its descriptor could be another file by the time the thread gets to it.
 */
export class ThreadReader extends EventEmitter implements PipeReader {
  readonly #fd: number;
  readonly #buffer: () => Buffer;
  readonly #take: (chunk: Buffer) => boolean;
  #isReading = false;
  #isPaused = true;
  #isOver = false;

  constructor(fd: number, buffer: () => Buffer, take: (chunk: Buffer) => boolean) {
    super();
    this.#fd = fd;
    this.#buffer = buffer;
    this.#take = take;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#next();
  }

  destroy(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (!this.#isReading) closeSync(this.#fd);
    setImmediate(() => this.emit('close'));
  }

  #next(): void {
    if (this.#isReading || this.#isPaused || this.#isOver) return;
    this.#isReading = true;
    const buffer = this.#buffer();
    read(this.#fd, buffer, 0, buffer.length, null, (error, size) => {
      this.#isReading = false;
      if (this.#isOver) return closeSync(this.#fd);
      if (error || size === 0) return this.destroy();
      if (!this.#take(buffer.subarray(0, size))) this.#isPaused = true;
      this.#next();
    });
  }
}
