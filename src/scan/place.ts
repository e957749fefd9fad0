import { createHash } from 'node:crypto';
import type { Finding, Hit, TextKind } from './finding.ts';
import { textKind } from './text-kind.ts';

const NEWLINE = 10;
const MARKER = /twvault:allow(?:[ =:]([a-z0-9-]+))?/;
/** How far from a hit, in bytes, its line is read for a marker: lines of minified code are long. */
const MARKER_REACH = 4096;

export interface Placed {
  readonly findings: Finding[];
  /** How many hits an inline marker accepts. */
  readonly allowed: number;
}

/** Where the bytes come from. */
export interface Origin {
  readonly path: string;
  readonly commit?: string;
  readonly blob?: string;
}

/**
 * Turns the hits in one file's bytes, in order of their offset, into findings with line and column, without those
 * that a `twvault:allow` in the same line accepts.
 */
export function placed(hits: readonly Hit[], bytes: Uint8Array, origin: Origin): Placed {
  const kind = textKind(bytes);
  const cursor = new Cursor();
  const findings: Finding[] = [];
  let [counted, allowed] = [0, 0];
  for (const hit of hits) {
    cursor.pass(bytes, counted, hit.offset, kind);
    counted = hit.offset;
    if (isAllowed(hit, bytes)) allowed += 1;
    else findings.push(findingAt(hit, bytes, origin, cursor, kind));
  }
  return { findings, allowed };
}

/** Counts lines, and columns in UTF-16 code units as editors and SARIF do, along the bytes of a file. */
export class Cursor {
  line = 1;
  #units = 0;

  get column(): number {
    return Math.floor(this.#units) + 1;
  }

  /** Goes on from one place to another. @param bytes a part of the file that begins at an even offset, for UTF-16 */
  pass(bytes: Uint8Array, from: number, to: number, kind: TextKind): void {
    let start = from;
    for (let at = bytes.indexOf(NEWLINE, from); at !== -1 && at < to; at = bytes.indexOf(NEWLINE, at + 1)) {
      if (isWide(kind) && !isWideNewline(bytes, at, kind)) continue;
      this.line += 1;
      this.#units = kind === 'utf-16le' ? -0.5 : 0; // the newline's other byte is still to come
      start = at + 1;
    }
    this.#units += unitsIn(bytes, start, to, kind);
  }
}

const isWide = (kind: TextKind): boolean => kind === 'utf-16le' || kind === 'utf-16be';

function isWideNewline(bytes: Uint8Array, at: number, kind: TextKind): boolean {
  return (at & 1) === (kind === 'utf-16le' ? 0 : 1) && bytes[at ^ 1] === 0;
}

/** How many UTF-16 code units bytes are: in UTF-8 every character's first byte is one, and of four bytes two. */
function unitsIn(bytes: Uint8Array, from: number, to: number, kind: TextKind): number {
  if (isWide(kind)) return (to - from) / 2;
  let units = 0;
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] as number;
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}

/** A finding, given its line and column. */
export function findingAt(
  { rule, offset, length, profile, field }: Hit,
  bytes: Uint8Array,
  origin: Origin,
  { line, column }: Pick<Cursor, 'line' | 'column'>,
  kind: TextKind,
): Finding {
  const id = findingId(rule, bytes.subarray(offset, offset + length));
  const whose = profile === undefined ? {} : { profile, ...(field === undefined ? {} : { field }) };
  const units = unitsIn(bytes, offset, offset + length, kind);
  return { rule, ...origin, line, column, length: units, ...whose, id };
}

/** 32 hexadecimal digits of SHA-256 of rule and value: what is found has too many bits for anyone to guess it back. */
function findingId(rule: string, value: Uint8Array): string {
  return createHash('sha256').update(`${rule}\0`).update(value).digest('hex').slice(0, 32);
}

/** Whether the hit's line has a marker that accepts its rule. */
export function isAllowed({ rule, offset, length }: Hit, bytes: Uint8Array): boolean {
  const from = Math.max(0, offset - MARKER_REACH, bytes.lastIndexOf(NEWLINE, offset) + 1);
  const end = bytes.indexOf(NEWLINE, offset + length);
  const to = Math.min(end === -1 ? bytes.length : end, offset + length + MARKER_REACH);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from)
    .toString('latin1')
    .replaceAll('\0', ''); // UTF-16
  const [marker, only] = MARKER.exec(text) ?? [];
  return marker !== undefined && (only === undefined || only === rule);
}
