import type { ByteKinds } from './byte-kinds.ts';
import { type RunTables, runTables, runVectors, SHORTEST_BY_VECTORS, visitRuns } from './run-vectors.ts';

/** A run's beginning, its end, and what kinds of bytes it has. */
export type VisitRun = (start: number, end: number, kinds: number) => void;

export interface RunsWanted {
  /** The class, and the kind of each of its bytes. */
  readonly kinds: ByteKinds;
  /** In bytes. */
  readonly shortest: number;
  /** Whether a run of these kinds is wanted; any is, where this is absent. */
  readonly isWanted?: (kinds: number) => boolean;
}

/** Six kinds, each a bit. */
const COMBINATIONS = 64;
/** Less than this is looked at sooner than it is copied. */
const WORTH_COPYING = 1024;

/** Finds runs of bytes of a class. */
export class RunFinder {
  readonly #kinds: ByteKinds;
  readonly #shortest: number;
  /** By kinds taken together, 1 or 0. */
  readonly #isWanted: Uint8Array;
  #tables: RunTables | undefined;

  constructor({ kinds, shortest, isWanted = () => true }: RunsWanted) {
    this.#kinds = kinds;
    this.#shortest = shortest;
    this.#isWanted = Uint8Array.from({ length: COMBINATIONS }, (_, combined) => Number(isWanted(combined)));
  }

  /** Visits the runs in [from, to), from left to right. */
  forEach(bytes: Uint8Array, from: number, to: number, visit: VisitRun): void {
    const isLong = to - from >= WORTH_COPYING && this.#shortest >= SHORTEST_BY_VECTORS;
    const vectors = isLong ? runVectors() : undefined;
    if (!vectors) {
      this.#byBytes(bytes, from, to, visit);
      return;
    }
    this.#tables ??= runTables(this.#kinds, this.#isWanted);
    // All are found before the first is visited: a visitor may look for runs itself.
    const runs = vectors.find(this.#tables, bytes.subarray(from, to), this.#shortest);
    visitRuns(runs, (start, end, kinds) => visit(from + start, from + end, kinds));
  }

  /**
   * Looks at the byte where a run that begins here would have to reach, and back from there; where it meets another
   * byte, all starts before that are ruled out.
   */
  #byBytes(bytes: Uint8Array, from: number, to: number, visit: VisitRun): void {
    const [table, shortest, isWanted] = [this.#kinds, this.#shortest, this.#isWanted];
    // The bytes from `start` up to `seen` are known to be of the class, and their kinds are in `known`.
    let [start, seen, known] = [from, from, 0];
    let at = start + shortest - 1;
    while (at < to) {
      let kinds = 0;
      let back = at;
      for (; back >= seen; back -= 1) {
        const kind = table[bytes[back] as number] as number;
        if (kind === 0) break;
        kinds |= kind;
      }
      if (back >= seen) {
        start = back + 1;
        seen = at + 1;
        known = kinds;
        at = start + shortest - 1;
        continue;
      }
      kinds |= known;
      let end = at + 1;
      for (; end < to; end += 1) {
        const kind = table[bytes[end] as number] as number;
        if (kind === 0) break;
        kinds |= kind;
      }
      if (isWanted[kinds] === 1) visit(start, end, kinds);
      start = end + 1;
      seen = start;
      known = 0;
      at = end + shortest;
    }
  }
}
