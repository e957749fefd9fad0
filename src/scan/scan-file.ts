import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { systemCode } from '../failure.ts';
import type { Finding, Hit, Scanner, TextKind } from './finding.ts';
import { Cursor, findingAt, isAllowed } from './place.ts';
import { textKind } from './text-kind.ts';

/** How much of a file is in memory at a time. Even, so that UTF-16 stays in step. */
const CHUNK = 1024 * 1024;
/** One for all: files are scanned one after the other, and fresh memory costs more than reading a small file. */
const BUFFER = Buffer.allocUnsafeSlow(CHUNK);
/** Hits so close to a chunk's edge are left to the neighbour, which sees their surroundings. */
const EDGE = 4096;
// A file that became a link or a pipe since it was listed is not followed and not waited for.
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** How much of large files is read between two words about it. */
const STEP = 16 * CHUNK;

/** What became of a file: scanned, or why not. */
export type Outcome = 'scanned' | 'gone' | 'link' | 'directory' | 'unreadable';

/** Scans files one after the other, in one buffer, however large they are. */
export class FileScanner {
  readonly findings: Finding[] = [];
  /** How many hits an inline marker accepts. */
  allowed = 0;
  /** How many bytes were read that `more` was not told of. */
  bytes = 0;
  readonly #scanner: Scanner;
  readonly #more: (bytes: number) => void;

  /** @param more is told, now and then in a large file, how many more bytes were read */
  constructor(scanner: Scanner, more: (bytes: number) => void) {
    this.#scanner = scanner;
    this.#more = more;
  }

  /**
   * @param path what the system calls the file
   * @param name what reports call it
   */
  scan(path: Buffer | string, name: () => string): Outcome {
    let fd: number;
    try {
      fd = openSync(path, FLAGS);
    } catch (error) {
      return outcomeOf(error);
    }
    try {
      const stat = fstatSync(fd);
      if (!stat.isFile() && !stat.isDirectory()) return 'unreadable'; // a device may never end
      this.#read(fd, name);
      return 'scanned';
    } catch (error) {
      return outcomeOf(error);
    } finally {
      closeSync(fd);
    }
  }

  #read(fd: number, name: () => string): void {
    let kind: TextKind | undefined;
    const lines = new Lines(fd);
    /** Where the buffer's first byte lies in the file, and how many bytes the buffer holds. */
    let [offset, held] = [0, 0];
    for (;;) {
      const size = readSync(fd, BUFFER, held, CHUNK - held, offset + held);
      this.bytes += size;
      held += size;
      const isLast = size === 0 || (offset === 0 && held < CHUNK);
      if (!isLast && held < CHUNK) continue;
      const bytes = BUFFER.subarray(0, held);
      kind ??= textKind(bytes);
      const from = offset === 0 ? 0 : EDGE;
      const to = isLast ? held : held - EDGE;
      const hits = this.#scanner.scan(bytes, kind);
      if (hits.length > 0) this.#take(hits, { bytes, offset, from, to, kind }, lines, name());
      if (isLast) return;
      this.#tell();
      BUFFER.copyWithin(0, held - 2 * EDGE, held);
      offset += held - 2 * EDGE;
      held = 2 * EDGE;
    }
  }

  #tell(): void {
    if (this.bytes < STEP) return;
    this.#more(this.bytes);
    this.bytes = 0;
  }

  #take(hits: readonly Hit[], { bytes, offset, from, to, kind }: Chunk, lines: Lines, path: string): void {
    for (const hit of hits) {
      if (hit.offset < from || hit.offset >= to) continue;
      if (isAllowed(hit, bytes)) {
        this.allowed += 1;
        continue;
      }
      const place = lines.placeOf(offset + hit.offset, bytes, offset, kind);
      this.findings.push(findingAt(hit, bytes, { path }, place, kind));
    }
  }
}

/** A part of a file, and which of its bytes are this part's own. */
interface Chunk {
  readonly bytes: Buffer;
  readonly offset: number;
  readonly from: number;
  readonly to: number;
  readonly kind: TextKind;
}

/** Counts lines up to a hit. Files without hits are not counted, so what came before is read again. */
class Lines {
  readonly #fd: number;
  readonly #cursor = new Cursor();
  #counted = 0;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** @param at where the place is in the file; `bytes` is the part of the file from `offset` that holds it */
  placeOf(at: number, bytes: Buffer, offset: number, kind: TextKind): Cursor {
    if (this.#counted < offset) this.#countUpTo(offset, kind);
    this.#cursor.pass(bytes, this.#counted - offset, at - offset, kind);
    this.#counted = at;
    return this.#cursor;
  }

  #countUpTo(end: number, kind: TextKind): void {
    const buffer = Buffer.allocUnsafe(64 * 1024);
    while (this.#counted < end) {
      // From an even place on, so that UTF-16 stays in step.
      const from = this.#counted - (this.#counted & 1);
      const size = readSync(this.#fd, buffer, 0, Math.min(buffer.length, end - from), from);
      if (size <= this.#counted - from) return;
      this.#cursor.pass(buffer.subarray(0, size), this.#counted - from, size, kind);
      this.#counted = from + size;
    }
  }
}

function outcomeOf(error: unknown): Outcome {
  const code = systemCode(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'gone';
  if (code === 'ELOOP' || code === 'EMLINK') return 'link';
  return code === 'EISDIR' ? 'directory' : 'unreadable';
}
