import { createHash } from 'node:crypto';
import type { Finding, Hit } from './finding.ts';

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
  const findings: Finding[] = [];
  let [line, lineStart, allowed] = [1, 0, 0];
  for (const hit of hits) {
    for (let at = bytes.indexOf(NEWLINE, lineStart); at !== -1 && at < hit.offset; ) {
      line += 1;
      lineStart = at + 1;
      at = bytes.indexOf(NEWLINE, lineStart);
    }
    if (isAllowed(hit, bytes)) allowed += 1;
    else findings.push(findingAt(hit, bytes, origin, line, hit.offset - lineStart + 1));
  }
  return { findings, allowed };
}

/** A finding, given its line and column. */
export function findingAt(
  { rule, offset, length, profile, field }: Hit,
  bytes: Uint8Array,
  origin: Origin,
  line: number,
  column: number,
): Finding {
  const id = findingId(rule, bytes.subarray(offset, offset + length));
  const whose = profile === undefined ? {} : { profile, ...(field === undefined ? {} : { field }) };
  return { rule, ...origin, line, column, length, ...whose, id };
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
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');
  const [marker, only] = MARKER.exec(text) ?? [];
  return marker !== undefined && (only === undefined || only === rule);
}
