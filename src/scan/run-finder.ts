import type { ByteKinds } from './byte-kinds.ts';
import code from './run-finder.wat';

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

  constructor({ kinds, shortest, isWanted = () => true }: RunsWanted) {
    this.#kinds = kinds;
    this.#shortest = shortest;
    this.#isWanted = Uint8Array.from({ length: COMBINATIONS }, (_, combined) => Number(isWanted(combined)));
  }

  /** Visits the runs in [from, to), from left to right. */
  forEach(bytes: Uint8Array, from: number, to: number, visit: VisitRun): void {
    const isLong = to - from >= WORTH_COPYING && this.#shortest >= BLOCK;
    const vectors = isLong ? vectorMachine() : undefined;
    if (vectors) this.#byBlocks(vectors, bytes, from, to, visit);
    else this.#byBytes(bytes, from, to, visit);
  }

  #byBlocks(vectors: VectorMachine, bytes: Uint8Array, from: number, to: number, visit: VisitRun): void {
    vectors.load(this, () => [this.#kinds, halvesOf(this.#kinds), this.#isWanted]);
    // Taken out before the first is visited: a visitor may look for runs itself.
    const runs = vectors.find(bytes.subarray(from, to), this.#shortest);
    for (let at = 0; at < runs.length; at += ENTRY) {
      visit(from + (runs[at] as number), from + (runs[at + 1] as number), runs[at + 2] as number);
    }
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

// What follows serves run-finder.wat, which says what lies where.

const BLOCK = 16;
/** Three numbers of four bytes. */
const ENTRY = 3;
const [KINDS_AT, HALVES_AT, WANTED_AT, BYTES_AT] = [0, 256, 320, 512];
const PAGE = 64 * 1024;

interface Exports {
  readonly memory: WebAssembly.Memory;
  find(size: number, shortest: number, out: number): number;
}

/** The sixteen bytes at a time, with one memory for all finders: they take turns. */
class VectorMachine {
  readonly #exports: Exports;
  #memory = new Uint8Array(0);
  #loaded: RunFinder | undefined;

  constructor(exports: Exports) {
    this.#exports = exports;
    this.#memory = new Uint8Array(exports.memory.buffer);
  }

  load(finder: RunFinder, tables: () => readonly [Uint8Array, Uint8Array, Uint8Array]): void {
    if (this.#loaded === finder) return;
    const [kinds, halves, isWanted] = tables();
    this.#memory.set(kinds, KINDS_AT);
    this.#memory.set(halves, HALVES_AT);
    this.#memory.set(isWanted, WANTED_AT);
    this.#loaded = finder;
  }

  /** Beginning, end and kinds of each run, one after the other. */
  find(bytes: Uint8Array, shortest: number): Int32Array {
    const end = BYTES_AT + bytes.length;
    const out = Math.ceil((end + BLOCK) / BLOCK) * BLOCK;
    const most = Math.ceil(bytes.length / (shortest + 1)) + 1;
    this.#reach(out + most * ENTRY * 4);
    this.#memory.set(bytes, BYTES_AT);
    this.#memory.fill(0, end, end + BLOCK);
    const count = this.#exports.find(bytes.length, shortest, out);
    return new Int32Array(this.#exports.memory.buffer, out, count * ENTRY).slice();
  }

  #reach(size: number): void {
    const missing = size - this.#memory.length;
    if (missing <= 0) return;
    this.#exports.memory.grow(Math.ceil(missing / PAGE));
    this.#memory = new Uint8Array(this.#exports.memory.buffer);
  }
}

let machine: VectorMachine | undefined;

/** Undefined where the runtime was told to do without WebAssembly (--jitless). */
function vectorMachine(): VectorMachine | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  machine ??= new VectorMachine(new WebAssembly.Instance(new WebAssembly.Module(code)).exports as Exports);
  return machine;
}

/** The class by halves of a byte: of each, the set of bytes that it may be a half of. */
function halvesOf(kinds: ByteKinds): Uint8Array {
  const sets = new Uint8Array(4 * BLOCK);
  for (let byte = 0; byte < 256; byte += 1) {
    const [low, high] = [byte & 15, byte >> 4];
    const above = high < 8 ? 0 : 2 * BLOCK;
    const bit = 1 << (high & 7);
    sets[above + BLOCK + high] = bit;
    if (kinds[byte] !== 0) sets[above + low] = (sets[above + low] as number) | bit;
  }
  return sets;
}
