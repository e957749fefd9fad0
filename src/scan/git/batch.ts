/** Part of an object's contents. All but huge objects come in one. */
export interface Piece {
  /** The object's id, hexadecimal, and its kind: blob, commit, tag, tree. */
  readonly object: string;
  readonly type: string;
  /** Where the bytes begin within the object. Valid during the call only: the memory is used again. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** Which of the bytes are this piece's own: the rest belongs to a neighbour and is there for what lies across. */
  readonly from: number;
  readonly to: number;
}

/** Contents up to this size come in one piece. */
const WINDOW = 8 * 1024 * 1024;
/** How far two pieces of one object overlap: twice the longest credential, and more. */
const OVERLAP = 64 * 1024;
const HEADER = /^([0-9a-f]{40,64}) (\w+) (\d+)$/;
const LINE_FEED = 10;

interface Current {
  readonly object: string;
  readonly type: string;
  readonly size: number;
  /** Bytes of it that have arrived. */
  read: number;
  /** Where the bytes that are kept begin within the object, and how many they are. */
  offset: number;
  kept: number;
}

/**
 * Reads what `git cat-file --batch` prints: `<id> SP <type> SP <size> LF <contents> LF` for each object, or
 * `<name> SP missing LF`. Contents may be any bytes, and chunks may end anywhere.
 */
export class BatchReader {
  readonly #take: (piece: Piece) => void;
  #line = Buffer.alloc(0);
  #window = Buffer.allocUnsafeSlow(64 * 1024);
  #current: Current | undefined;
  /** Line feeds after contents that have still to come. */
  #isBetween = false;

  constructor(take: (piece: Piece) => void) {
    this.#take = take;
  }

  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#isBetween) {
        this.#isBetween = false;
        at += 1;
      } else if (this.#current) at = this.#contents(this.#current, chunk, at);
      else at = this.#header(chunk, at);
    }
  }

  #header(chunk: Buffer, at: number): number {
    const end = chunk.indexOf(LINE_FEED, at);
    const part = chunk.subarray(at, end === -1 ? chunk.length : end);
    this.#line = this.#line.length === 0 ? Buffer.from(part) : Buffer.concat([this.#line, part]);
    if (end === -1) return chunk.length;
    const [, object, type = '', size = ''] = HEADER.exec(this.#line.toString('latin1')) ?? [];
    this.#line = Buffer.alloc(0);
    if (object !== undefined) {
      this.#current = { object, type, size: Number(size), read: 0, offset: 0, kept: 0 };
      if (this.#current.size === 0) this.#finish(this.#current, Buffer.alloc(0));
    }
    return end + 1;
  }

  #contents(current: Current, chunk: Buffer, at: number): number {
    const part = chunk.subarray(at, at + current.size - current.read);
    current.read += part.length;
    if (part.length === current.size) this.#finish(current, part);
    else this.#keep(current, part);
    return at + part.length;
  }

  #keep(current: Current, part: Buffer): void {
    for (let done = 0; done < part.length; ) {
      const room = WINDOW - current.kept;
      const some = part.subarray(done, done + room);
      this.#reserve(
        Math.min(WINDOW, Math.max(current.kept + some.length, Math.min(current.size, WINDOW))),
        current,
      );
      some.copy(this.#window, current.kept);
      current.kept += some.length;
      done += some.length;
      if (current.kept === WINDOW && current.offset + WINDOW < current.size) this.#slide(current);
    }
    if (current.read === current.size) this.#finish(current, this.#window.subarray(0, current.kept));
  }

  #reserve(size: number, current: Current): void {
    if (size <= this.#window.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.min(WINDOW, size * 2));
    this.#window.copy(larger, 0, 0, current.kept);
    this.#window = larger;
  }

  #slide(current: Current): void {
    this.#emit(current, this.#window.subarray(0, WINDOW), WINDOW - OVERLAP / 2);
    this.#window.copyWithin(0, WINDOW - OVERLAP, WINDOW);
    current.offset += WINDOW - OVERLAP;
    current.kept = OVERLAP;
  }

  #finish(current: Current, bytes: Buffer): void {
    this.#current = undefined;
    this.#isBetween = true;
    this.#emit(current, bytes, bytes.length);
  }

  #emit({ object, type, offset }: Current, bytes: Buffer, to: number): void {
    this.#take({ object, type, offset, bytes, from: offset === 0 ? 0 : OVERLAP / 2, to });
  }
}
