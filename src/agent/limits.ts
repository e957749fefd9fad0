/** A moment by two clocks: one that people see and may set, one that only goes forward but may stand still in sleep. */
export interface Moment {
  readonly wall: number;
  readonly steady: number;
}

const moment = (): Moment => ({ wall: Date.now(), steady: performance.now() });

/** Between two looks a second apart, so much more can only be sleep, or a process that was stopped. */
const ASLEEP_MS = 15_000;

/** How long an agent stays open, in ms: when nobody uses it, and at all. Whichever clock says so first. */
export class Limits {
  readonly #started: Moment;
  #used: Moment;
  #looked: Moment;
  #ttl: number;
  #max: number;

  constructor(ttl: number, max: number, now = moment()) {
    [this.#started, this.#used, this.#looked] = [now, now, now];
    [this.#ttl, this.#max] = [ttl, max];
  }

  /** Notes that the agent was of use. */
  use(now = moment()): void {
    this.#used = now;
  }

  /** Sets the idle time anew. The end may come nearer, and never moves away. */
  renew(ttl: number, max: number, now = moment()): void {
    this.use(now);
    this.#ttl = ttl;
    this.#max = Math.min(this.#max, between(this.#started, now) + max);
  }

  /** Whether it is time to lock. To be looked at every second. */
  isOver(now = moment()): boolean {
    const gap = between(this.#looked, now);
    this.#looked = now;
    return (
      gap > ASLEEP_MS || between(this.#used, now) >= this.#ttl || between(this.#started, now) >= this.#max
    );
  }

  /** Since when, and until when at most: unused, and in any case. Times of the wall clock. */
  report(): { since: number; idleUntil: number; until: number } {
    const until = this.#started.wall + this.#max;
    return {
      since: this.#started.wall,
      idleUntil: Math.min(this.#used.wall + this.#ttl, until),
      until,
    };
  }
}

function between(earlier: Moment, later: Moment): number {
  return Math.max(later.wall - earlier.wall, later.steady - earlier.steady);
}
