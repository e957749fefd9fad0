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
   * Nothing has come for a while: lets go of what was held back. Half a secret and more stays hidden, so that whoever
   * writes one slowly shows its first half at most.
   */
  release(): Buffer[] {
    const data = this.#held;
    const out: Buffer[] = [];
    let from = 0;
    for (;;) {
      const next = this.#replace(data, from, data.length, out);
      if (next === undefined) break;
      from = next;
    }
    const open = this.#patterns.firstOpen(data, from, data.length);
    this.#show(data, from, open, out);
    this.#hold(data, open);
    this.#uncover(out);
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
    if (!(found.at === 0 && this.#isMarked)) out.push(this.#replacements.markOf(found.pattern));
    return found.at + this.#patterns.lengthOf(found.pattern);
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

  #uncover(out: Buffer[]): void {
    const begun = this.#patterns.begunAt(this.#held, 0, this.#held.length);
    if (begun === undefined) return;
    if (this.#held.length * 2 < this.#patterns.lengthOf(begun)) {
      this.#show(this.#held, 0, this.#held.length, out);
    } else if (!this.#isMarked) {
      out.push(this.#replacements.markOf(begun));
      this.#isMarked = true;
    }
    this.#shown = this.#held.length;
  }
}
