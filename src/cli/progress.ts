import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';

const CLEAR_LINE = '\r\x1b[K';

/** A line on the terminal that says how far a longer work is; nothing where standard error is no terminal. */
export class Progress {
  readonly #what: string;
  readonly #total: number;
  readonly #isShown: boolean;
  #done = 0;

  /** @param what in the words of `verifying` */
  constructor(what: string, total: number, env: NodeJS.ProcessEnv) {
    this.#what = what;
    this.#total = total;
    this.#isShown = isatty(2) && env.TERM !== 'dumb';
    this.#show();
  }

  /** One more is finished. */
  step(): void {
    this.#done += 1;
    this.#show();
  }

  /** Takes the line away again. */
  end(): void {
    if (this.#isShown) write(CLEAR_LINE);
  }

  #show(): void {
    if (this.#isShown) write(`${CLEAR_LINE}twvault: ${this.#what} ${this.#done} of ${this.#total} ...`);
  }
}

function write(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // A terminal that went away misses nothing.
  }
}
