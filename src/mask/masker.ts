import type { PatternSet } from '../match/pattern-set.ts';
import type { Replacements } from './replacements.ts';

const NOTHING = Buffer.alloc(0);

/**
 * Replaces secrets in a stream of bytes: the longest where several begin at one place, the leftmost where they overlap,
 * wherever the stream is cut into chunks. Only bytes that may turn out to be the beginning of a secret are held back.
 */
export class Masker {
  readonly #replacements: Replacements;
  /** The beginning of a secret, of which the first bytes may be out already. */
  #held: Buffer = NOTHING;
  #shown = 0;
  #taken = 0;
  /** Whether the mark stands already for what is held. */
  #isMarked = false;

  constructor(replacements: Replacements) {
    this.#replacements = replacements;
  }

  get #patterns(): PatternSet {
    return this.#replacements.patterns;
  }

  /** How many bytes of the stream are out, or replaced. */
  get passed(): number {
    return this.#taken - (this.#held.length - this.#shown);
  }

  /**
   * What can be written once this chunk is there. Parts of it may be parts of the chunk itself.
   * @param room how many bytes in front of the chunk, in its memory, may be written over: it need not be copied then
   */
  push(chunk: Buffer, room = 0): Buffer[] {
    this.#taken += chunk.length;
    const data = this.#joined(chunk, room);
    const out: Buffer[] = [];
    let from = 0;
    let open = this.#patterns.firstOpen(data, 0, data.length);
    for (;;) {
      const next = this.#replace(data, from, open, out);
      if (next === undefined) break;
      from = next;
      if (from > open) open = this.#patterns.firstOpen(data, from, data.length);
    }
    this.#show(data, from, open, out);
    this.#hold(data, open);
    return out;
  }

  /**
   * Nothing has come for a while: lets go of what is held back, which is the beginning of a secret. From its half on it
   * stays hidden, so that whoever writes one slowly shows its first half at most. What it has shorter secrets in is
   * replaced, and is still remembered as a part of it.
   */
  release(): Buffer[] {
    const data = this.#held;
    const out: Buffer[] = [];
    const begun = this.#patterns.begunAt(data, 0, data.length);
    const isHalf = begun !== undefined && data.length * 2 >= this.#patterns.lengthOf(begun);
    if (isHalf && !this.#isWhole(data)) {
      if (!this.#isMarked) out.push(this.#replacements.markOf(begun));
      this.#isMarked = true;
    } else {
      this.#show(data, this.#replaceAll(data, out), data.length, out);
    }
    this.#shown = data.length;
    return out;
  }

  /** The stream has ended. */
  end(): Buffer[] {
    const out = this.release();
    this.#hold(NOTHING, 0);
    return out;
  }

  /** What is held, and the chunk behind it. */
  #joined(chunk: Buffer, room: number): Buffer {
    const held = this.#held;
    if (held.length === 0) return chunk;
    if (held.length > room) return Buffer.concat([held, chunk]);
    const start = chunk.byteOffset - held.length;
    const data = Buffer.from(chunk.buffer, start, held.length + chunk.length);
    held.copy(data);
    return data;
  }

  /** Writes up to the next secret that begins before a limit, and its mark. Gives where it ends. */
  #replace(data: Buffer, from: number, limit: number, out: Buffer[]): number | undefined {
    const found = this.#patterns.find(data, from, data.length);
    if (!found || found.at >= limit) return undefined;
    this.#show(data, from, found.at, out);
    const end = found.at + this.#patterns.lengthOf(found.pattern);
    const isOut = end <= this.#shown || (found.at === 0 && this.#isMarked);
    if (!isOut) out.push(this.#replacements.markOf(found.pattern));
    return end;
  }

  /** Gives where the last secret ends. */
  #replaceAll(data: Buffer, out: Buffer[]): number {
    let from = 0;
    for (
      let next: number | undefined = 0;
      next !== undefined;
      next = this.#replace(data, from, data.length, out)
    )
      from = next;
    return from;
  }

  /** Whether the data is a secret from its beginning to its end. */
  #isWhole(data: Buffer): boolean {
    const found = this.#patterns.find(data, 0, data.length);
    return found?.at === 0 && this.#patterns.lengthOf(found.pattern) === data.length;
  }

  /** Writes a part of the data, less what is out already. */
  #show(data: Buffer, from: number, to: number, out: Buffer[]): void {
    const start = Math.max(from, this.#shown);
    if (start < to) out.push(data.subarray(start, to));
  }

  #hold(data: Buffer, from: number): void {
    // A copy: the chunk belongs to the reader, who will use it again.
    this.#held = from === data.length ? NOTHING : Buffer.from(data.subarray(from));
    this.#shown = Math.max(0, this.#shown - from);
    this.#isMarked &&= from === 0 && this.#held.length > 0;
  }
}
