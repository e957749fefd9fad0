import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';

/** Work that is over sooner shows nothing, in milliseconds. */
const PATIENCE = 400;
const EVERY = 100;
const CLEAR = '\r\u001b[K';

/** A line on the terminal that says how far long work is. */
export class ProgressLine {
  /** Whether there is a terminal to draw on. */
  readonly isShown = isatty(2) && process.env.TERM !== 'dumb';
  #next: number;
  #isDrawn = false;

  readonly #every: number;

  /**
   * @param patience how long nothing is shown, in milliseconds
   * @param every how long a picture stays at least, in milliseconds
   */
  constructor(patience = PATIENCE, every = EVERY) {
    this.#next = Date.now() + patience;
    this.#every = every;
  }

  /** @param text makes the line, and is called only when it is drawn */
  show(text: () => string): void {
    if (!this.isShown || Date.now() < this.#next) return;
    this.#next = Date.now() + this.#every;
    this.#isDrawn = true;
    write(`${CLEAR}twvault: ${text()}`);
  }

  /** Takes the line away. */
  end(): void {
    if (this.#isDrawn) write(CLEAR);
    this.#isDrawn = false;
  }
}

function write(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // A terminal that takes nothing just now misses one picture.
  }
}
