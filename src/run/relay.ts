import { setTimeout as pause } from 'node:timers/promises';
import type { Masker } from '../mask/masker.ts';
import type { Outlet } from './outlet.ts';

/** Where bytes come from; it gives them to `take`, one chunk after the other. */
export interface Source {
  pause(): void;
  resume(): void;
  destroy(): void;
}

/** A prompt has to show. */
const LONGEST_HOLD_MS = 50;
/** Chunks that may wait to be written; the source then has to wait as well. */
export const CHUNKS_IN_FLIGHT = 3;
const QUIET_MS = 100;
/** More than a pipe can hold. */
const REMAINS = 1024 * 1024;

/** A chunk of which not all is out: where in the stream it ends, and when it came. */
interface Arrival {
  readonly end: number;
  readonly time: number;
}

/** Carries a stream of a child through a masker to an output, no faster than the output takes it. */
export class Relay {
  readonly #masker: Masker;
  readonly #outlet: Outlet;
  readonly #source: Source;
  readonly #ended: Promise<void>;
  #end: () => void = () => {};
  #taken = 0;
  #inFlight = 0;
  #arrivals: Arrival[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(masker: Masker, outlet: Outlet, source: Source) {
    this.#masker = masker;
    this.#outlet = outlet;
    this.#source = source;
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  get #isFull(): boolean {
    return this.#inFlight >= CHUNKS_IN_FLIGHT;
  }

  /**
   * Gives whether more may come at once.
   * @param room as for the masker
   */
  take(chunk: Buffer, room = 0): boolean {
    this.#taken += chunk.length;
    this.#arrivals.push({ end: this.#taken, time: performance.now() });
    this.#write(this.#masker.push(chunk, room));
    this.#watchHeld();
    return !this.#isFull;
  }

  /** The source has ended: all that is left is written. */
  finish(): void {
    clearTimeout(this.#timer);
    this.#outlet.write(this.#masker.end(), this.#end);
  }

  /**
   * The child has ended: waits until all that it wrote is written. Others that still have its output open are waited for
   * only as long as something comes.
   * @returns whether the stream came to its end
   */
  async settle(): Promise<boolean> {
    const before = this.#taken;
    for (;;) {
      const seen = this.#taken;
      const hasEnded = await Promise.race([this.#ended.then(() => true), pause(QUIET_MS, false)]);
      if (hasEnded) return true;
      if (this.#isFull) continue;
      if (this.#taken > seen && this.#taken - before < REMAINS) continue;
      this.#source.destroy();
      await this.#ended;
      return false;
    }
  }

  #write(parts: readonly Buffer[]): void {
    if (parts.length === 0) return;
    this.#inFlight += 1;
    if (this.#isFull) this.#source.pause();
    this.#outlet.write(parts, () => this.#written());
  }

  #written(): void {
    const wasFull = this.#isFull;
    this.#inFlight -= 1;
    // With nobody to read it, the child has to get its SIGPIPE.
    if (this.#outlet.error) {
      this.#source.destroy();
    } else if (wasFull) {
      this.#source.resume();
      this.#watchHeld();
    }
  }

  /** Lets go of what is held back once its first byte has waited long enough. */
  #watchHeld(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#arrivals[0] && this.#arrivals[0].end <= this.#masker.passed) this.#arrivals.shift();
    const [oldest] = this.#arrivals;
    // A source that waits may have the rest of what is held.
    if (!oldest || this.#isFull) return;
    const wait = oldest.time + LONGEST_HOLD_MS - performance.now();
    // What has come in the meantime is read first.
    this.#timer = setTimeout(() => setImmediate(() => this.#release(oldest)), Math.max(0, wait));
  }

  #release(oldest: Arrival): void {
    if (this.#arrivals[0] !== oldest || this.#isFull) return;
    this.#write(this.#masker.release());
    this.#watchHeld();
  }
}
