import type { Finding, Hit, Scanner, TextKind } from '../finding.ts';
import { Cursor, findingAt, isAllowed, placed } from '../place.ts';
import { textKind } from '../text-kind.ts';
import type { Piece } from './batch.ts';

/** What the scan of objects takes down: findings without a path, which an object does not know. */
export interface Found {
  readonly object: string;
  readonly type: string;
  readonly finding: Finding;
}

/** Scans objects piece by piece. Lines are counted on where an object comes in several. */
export class PieceScanner {
  readonly #scanner: Scanner;
  readonly #found: (found: Found) => void;
  /** Hits that an inline marker accepts. */
  allowed = 0;
  /** Where the next piece's own bytes begin, and what the object is. */
  #cursor = new Cursor();
  #kind: TextKind = 'text';

  constructor(scanner: Scanner, found: (found: Found) => void) {
    this.#scanner = scanner;
    this.#found = found;
  }

  take(piece: Piece): void {
    const { offset, from, to, object, type } = piece;
    const bytes = type === 'blob' || offset > 0 ? piece.bytes : messageOf(piece.bytes);
    // A later piece has no byte order mark.
    if (offset === 0) this.#kind = textKind(bytes);
    const hits = this.#scanner.scan(bytes, this.#kind);
    const isWhole = offset === 0 && to === piece.bytes.length;
    if (isWhole && hits.length === 0) return;
    const findings = isWhole
      ? this.#whole(hits, bytes)
      : this.#part(
          piece,
          hits.filter((hit) => hit.offset >= from && hit.offset < to),
        );
    for (const finding of findings) this.#found({ object, type, finding });
  }

  #whole(hits: readonly Hit[], bytes: Uint8Array): Finding[] {
    const { findings, allowed } = placed(hits, bytes, { path: '' });
    this.allowed += allowed;
    return findings;
  }

  #part({ bytes, offset, from, to }: Piece, hits: readonly Hit[]): Finding[] {
    if (offset === 0) this.#cursor = new Cursor();
    const [cursor, kind] = [this.#cursor, this.#kind];
    const findings: Finding[] = [];
    let counted = from;
    for (const hit of hits) {
      cursor.pass(bytes, counted, hit.offset, kind);
      counted = hit.offset;
      if (isAllowed(hit, bytes)) this.allowed += 1;
      else findings.push(findingAt(hit, bytes, { path: '' }, cursor, kind));
    }
    cursor.pass(bytes, counted, to, kind);
    return findings;
  }
}

/** The message of a commit or a tag: its headers are names, dates and signatures. */
function messageOf(bytes: Uint8Array): Uint8Array {
  const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf('\n\n');
  return end === -1 ? bytes : bytes.subarray(end + 2);
}
