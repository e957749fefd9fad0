/** A pattern in the bytes: which one, and where it begins. */
export interface Occurrence {
  readonly at: number;
  /** Index in the list that the set was made of. */
  readonly pattern: number;
}

const BLOCK = 2;

/**
 * Many patterns, looked for at once, after Wu and Manber (1994): a window as long as the shortest pattern slides over
 * the bytes, and a table says for its last two bytes how far it may jump because no pattern has them further right.
 * Most bytes are never looked at, and more patterns cost next to nothing.
 */
export class PatternSet {
  /** Length in bytes of the shortest pattern and of the longest. */
  readonly shortest: number;
  readonly longest: number;
  readonly #patterns: readonly Uint8Array[];
  /** By two bytes: how far the window may jump where it ends with them. */
  readonly #jumps: Uint8Array;
  /** By the last two bytes of the window: the patterns that may begin where it begins, the longest first. */
  readonly #byWindowEnd = new Map<number, number[]>();
  /** By first byte: the patterns, the shortest first. */
  readonly #byFirst: number[][] = Array.from({ length: 256 }, () => []);

  /** @param patterns each of two bytes at least; of none nothing is found */
  constructor(patterns: readonly Uint8Array[]) {
    const lengths = patterns.map(({ length }) => length);
    this.#patterns = patterns;
    this.shortest = Math.min(...lengths);
    this.longest = Math.max(0, ...lengths);
    if (this.shortest < BLOCK) throw new RangeError('a pattern is shorter than a block');
    this.#jumps = this.#jumpTable();
    const byLength = patterns.map((_, index) => index).sort((a, b) => this.lengthOf(a) - this.lengthOf(b));
    for (const index of byLength) {
      const pattern = patterns[index] as Uint8Array;
      const end = blockAt(pattern, this.shortest - BLOCK);
      this.#byWindowEnd.set(end, [index, ...(this.#byWindowEnd.get(end) ?? [])]);
      this.#byFirst[pattern[0] as number]?.push(index);
    }
  }

  lengthOf(pattern: number): number {
    return (this.#patterns[pattern] as Uint8Array).length;
  }

  /** The leftmost occurrence that lies in the bytes from one place to another; the longest of those that begin there. */
  find(bytes: Uint8Array, from: number, to: number): Occurrence | undefined {
    const jumps = this.#jumps;
    const size = this.shortest;
    for (let last = from + size - 1; last < to; ) {
      const block = ((bytes[last - 1] as number) << 8) | (bytes[last] as number);
      const jump = jumps[block] as number;
      if (jump > 0) {
        last += jump;
        continue;
      }
      const at = last - size + 1;
      for (const pattern of this.#byWindowEnd.get(block) ?? []) {
        if (at + this.lengthOf(pattern) > to) continue;
        if (this.#agrees(pattern, bytes, at, this.lengthOf(pattern))) return { at, pattern };
      }
      last += 1;
    }
    return undefined;
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

  #agrees(pattern: number, bytes: Uint8Array, at: number, length: number): boolean {
    const expected = this.#patterns[pattern] as Uint8Array;
    for (let step = 0; step < length; step += 1) {
      if (expected[step] !== bytes[at + step]) return false;
    }
    return true;
  }

  #jumpTable(): Uint8Array {
    const size = Math.min(this.shortest, 256);
    // Only the window's end counts: a longer jump than 255 is never needed.
    const start = this.shortest - size;
    const jumps = new Uint8Array(65536).fill(size - BLOCK + 1);
    for (const pattern of this.#patterns) {
      for (let at = 0; at <= size - BLOCK; at += 1) {
        const block = blockAt(pattern, start + at);
        jumps[block] = Math.min(jumps[block] as number, size - BLOCK - at);
      }
    }
    return jumps;
  }
}

function blockAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}
