/** A pattern in the bytes: which one, and where it begins. */
export interface Occurrence {
  readonly at: number;
  /** Index in the list that the set was made of. */
  readonly pattern: number;
}

/** A part of a pattern: which one, and how far into it. */
interface Place {
  readonly pattern: number;
  readonly offset: number;
}

/** How many bytes are looked at together. */
const BLOCK = 4;
/** A bit each: so many that few other blocks share one with a pattern, so few that a processor's first cache holds them. */
const TABLE_BITS = 18;
const WORD_BITS = 5;
const SPREAD = 0x9e3779b1;

/**
 * Many patterns, looked for at once, by blocks of bytes as Wu and Manber did (1994). Whoever looks at every so many
 * bytes, less than the shortest pattern has blocks, meets each occurrence in one of its first blocks: a small table
 * says which blocks these may be. So most bytes are never looked at, no look waits for the one before, and more
 * patterns cost next to nothing.
 */
export class PatternSet {
  /** Length in bytes of the longest pattern. */
  readonly longest: number;
  readonly #patterns: readonly Uint8Array[];
  /** From one look to the next. */
  readonly #step: number;
  /** By a block's hash: a bit that is set where a pattern may have it. */
  readonly #table = new Int32Array(1 << (TABLE_BITS - WORD_BITS));
  /** By block: the places in patterns, those with most before them first, of these the longest patterns. */
  readonly #places = new Map<number, Place[]>();
  /** By first byte: the patterns, the shortest first. */
  readonly #byFirst: number[][] = Array.from({ length: 256 }, () => []);

  /** @param patterns each of four bytes at least; of none nothing is found */
  constructor(patterns: readonly Uint8Array[]) {
    const lengths = patterns.map(({ length }) => length);
    const shortest = Math.min(...lengths);
    if (shortest < BLOCK) throw new RangeError('a pattern is shorter than a block');
    this.#patterns = patterns;
    this.longest = Math.max(0, ...lengths);
    this.#step = shortest - BLOCK + 1;
    const byLength = patterns.map((_, index) => index).sort((a, b) => this.lengthOf(a) - this.lengthOf(b));
    for (const pattern of byLength) this.#byFirst[this.#bytesOf(pattern)[0] as number]?.push(pattern);
    if (patterns.length > 0) this.#enter(byLength.reverse());
  }

  lengthOf(pattern: number): number {
    return this.#bytesOf(pattern).length;
  }

  /** The leftmost occurrence that lies in the bytes from one place to another; the longest of those that begin there. */
  find(bytes: Uint8Array, from: number, to: number): Occurrence | undefined {
    const view = viewOf(bytes);
    const step = this.#step;
    for (let at = from + step - 1; ; at += step) {
      at = this.#skip(view, at, to);
      if (at + BLOCK > to) return undefined;
      const found = this.#around(bytes, at, from, to, view.getInt32(at, true));
      if (found) return found;
    }
  }

  /** The leftmost place from which the bytes, to their end, are the beginning of a pattern, less than all of it. */
  firstOpen(bytes: Uint8Array, from: number, to: number): number {
    for (let at = Math.max(from, to - this.longest + 1); at < to; at += 1) {
      if (this.begunAt(bytes, at, to) !== undefined) return at;
    }
    return to;
  }

  /** The shortest pattern that begins with these bytes and goes on after them. */
  begunAt(bytes: Uint8Array, at: number, to: number): number | undefined {
    for (const pattern of this.#byFirst[bytes[at] as number] ?? []) {
      if (this.lengthOf(pattern) > to - at && this.#agrees(pattern, bytes, at, to - at)) return pattern;
    }
    return undefined;
  }

  /** The first of the places at every step that may be a part of a pattern. Four at a time, where there are as many. */
  #skip(view: DataView, start: number, to: number): number {
    const table = this.#table;
    const step = this.#step;
    let at = start;
    for (const last = to - BLOCK - 3 * step; at <= last; at += 4 * step) {
      const isKnown =
        look(table, view, at) |
        look(table, view, at + step) |
        look(table, view, at + 2 * step) |
        look(table, view, at + 3 * step);
      if ((isKnown & 1) !== 0) break;
    }
    while (at + BLOCK <= to && (look(table, view, at) & 1) === 0) at += step;
    return at;
  }

  /** The leftmost and longest occurrence that has a block at a place. */
  #around(bytes: Uint8Array, at: number, from: number, to: number, block: number): Occurrence | undefined {
    for (const { pattern, offset } of this.#places.get(block) ?? []) {
      const [start, length] = [at - offset, this.lengthOf(pattern)];
      if (start < from || start + length > to) continue;
      if (this.#agrees(pattern, bytes, start, length)) return { at: start, pattern };
    }
    return undefined;
  }

  #agrees(pattern: number, bytes: Uint8Array, at: number, length: number): boolean {
    const expected = this.#bytesOf(pattern);
    for (let step = 0; step < length; step += 1) {
      if (expected[step] !== bytes[at + step]) return false;
    }
    return true;
  }

  #mark(bit: number): void {
    this.#table[bit >>> WORD_BITS] = (this.#table[bit >>> WORD_BITS] as number) | (1 << bit);
  }

  #bytesOf(pattern: number): Uint8Array {
    return this.#patterns[pattern] as Uint8Array;
  }

  /** Takes in the blocks of each pattern that a look may meet first. */
  #enter(longestFirst: readonly number[]): void {
    for (let offset = this.#step - 1; offset >= 0; offset -= 1) {
      for (const pattern of longestFirst) {
        const block = viewOf(this.#bytesOf(pattern)).getInt32(offset, true);
        this.#mark(hash(block));
        const places = this.#places.get(block);
        if (places) places.push({ pattern, offset });
        else this.#places.set(block, [{ pattern, offset }]);
      }
    }
  }
}

const viewOf = ({ buffer, byteOffset, length }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, length);

/** Its lowest bit is set where a pattern may have the block at a place. */
const look = (table: Int32Array, view: DataView, at: number): number => {
  const bit = hash(view.getInt32(at, true));
  return (table[bit >>> WORD_BITS] as number) >> bit; // a shift takes the lowest five bits of its count
};

const hash = (block: number): number => Math.imul(block, SPREAD) >>> (32 - TABLE_BITS);
