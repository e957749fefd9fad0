import { EventEmitter } from 'node:events';
import { closeSync } from 'node:fs';
import type * as npm from '../npm/pipe.ts';
import type { PipeReader } from '../ports.ts';

export const HAS_PIPE_SOCKETS: typeof npm.HAS_PIPE_SOCKETS = false;

export const pipeReader: typeof npm.pipeReader = (fd, buffer, take) => new StreamReader(fd, buffer, take);

/** Reads a pipe as a stream of Bun's. */
class StreamReader extends EventEmitter implements PipeReader {
  readonly #fd: number;
  readonly #buffer: () => Buffer;
  readonly #take: (chunk: Buffer) => boolean;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #goOn: (() => void) | undefined;
  #isPaused = true;
  #isOver = false;

  constructor(fd: number, buffer: () => Buffer, take: (chunk: Buffer) => boolean) {
    super();
    this.#fd = fd;
    this.#buffer = buffer;
    this.#take = take;
    this.#reader = Bun.file(fd).stream().getReader();
    void this.#read();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#goOn?.();
  }

  destroy(): void {
    this.#isOver = true;
    this.resume();
    this.#reader.cancel().catch(() => {});
  }

  async #read(): Promise<void> {
    try {
      for await (const bytes of this.#chunks()) await this.#give(bytes);
    } catch {
      // It is over, however it ended.
    }
    closeSync(this.#fd);
    this.emit('close');
  }

  async *#chunks(): AsyncGenerator<Uint8Array> {
    for (;;) {
      await this.#resumed();
      if (this.#isOver) return;
      const { value, done } = await this.#reader.read();
      if (done) return;
      yield value;
    }
  }

  /** In pieces that fit the buffers. */
  async #give(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length && !this.#isOver; ) {
      const buffer = this.#buffer();
      const piece = bytes.subarray(at, at + buffer.length);
      buffer.set(piece);
      at += piece.length;
      if (!this.#take(buffer.subarray(0, piece.length))) this.pause();
      await this.#resumed();
    }
  }

  async #resumed(): Promise<void> {
    while (this.#isPaused && !this.#isOver) {
      await new Promise<void>((resolve) => {
        this.#goOn = resolve;
      });
    }
  }
}
