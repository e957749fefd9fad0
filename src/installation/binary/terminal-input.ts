import { closeSync, constants, openSync } from 'node:fs';
import { Readable } from 'node:stream';
import { ReadStream } from 'node:tty';

/**
 * What is typed on a terminal. Bun's own class reads by a call that waits in a thread, goes on waiting when the stream
 * is destroyed, and takes what is typed next; here nothing is read but what has been typed.
 */
export class TerminalInput extends Readable {
  readonly isTTY = true;
  readonly #fd: number;
  readonly #modes: ReadStream;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  constructor(device: string) {
    super({ highWaterMark: 0 }); // what is typed ahead waits for the next question
    this.#modes = new ReadStream(openSync(device, 'r+'));
    this.#fd = openSync(device, constants.O_RDONLY | constants.O_NONBLOCK);
  }

  setRawMode(isRaw: boolean): this {
    this.#modes.setRawMode(isRaw);
    return this;
  }

  override _read(): void {
    this.#reader ??= Bun.file(this.#fd).stream().getReader();
    this.#reader.read().then(
      ({ value, done }) => this.push(done ? null : Buffer.from(value)),
      () => this.push(null), // the terminal is gone
    );
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#modes.destroy();
    const ended = this.#reader?.cancel() ?? Promise.resolve();
    ended
      .catch(() => {})
      .finally(() => {
        closeSync(this.#fd);
        done(error);
      });
  }
}
