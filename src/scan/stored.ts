import { type Alphabet, digestOf, filterBase, fingerprintParts } from '../fingerprint/fingerprint.ts';
import { isFieldName } from '../profile/fields.ts';
import type { Known, ScannerInput } from './scanner.ts';

/** The values of one length. */
interface Group {
  readonly length: number;
  /** base^length modulo 2^32. */
  readonly power: number;
  readonly byFilter: ReadonlyMap<number, readonly Entry[]>;
}

interface Entry {
  readonly digest: string;
  readonly known: Known;
}

/** A window of the bytes that is a stored value. */
interface Found {
  readonly at: number;
  readonly length: number;
  readonly known: Known;
}

/** How many bytes of a run are looked at in one go. */
const PIECE = 32 * 1024;
const NOTHING: readonly Found[] = [];

/** Recognises the values of the vault in a run of bytes. */
export class StoredValues {
  /** Length in bytes of the shortest value; Infinity where there is none. */
  readonly shortest: number;
  /** What the values are made of. */
  readonly alphabets: ReadonlySet<Alphabet>;
  readonly #groups: readonly Group[];
  readonly #key: Uint8Array;
  readonly #base: number;
  /** One bit for the lower 16 bits of each value's filter: most windows end here. */
  readonly #sieve: Uint8Array;
  /** The polynomials of the beginnings of a piece. */
  readonly #sums: Int32Array;

  constructor({ fingerprints, key }: ScannerInput) {
    this.#key = key ?? new Uint8Array(4);
    this.#base = filterBase(this.#key) | 0;
    this.#groups = key ? groupsOf(fingerprints, this.#base) : [];
    this.#sieve = sieveOf(this.#groups);
    this.shortest = this.#groups[0]?.length ?? Number.POSITIVE_INFINITY;
    this.alphabets = new Set(this.#groups.length > 0 ? fingerprints.flatMap(alphabetsOf) : []);
    this.#sums = new Int32Array(PIECE + (this.#groups.at(-1)?.length ?? 0) + 1);
  }

  /** The windows of the run that are stored values. */
  find(bytes: Uint8Array, start: number, end: number): readonly Found[] {
    if (end - start < this.shortest) return NOTHING;
    if (end - start <= PIECE) return this.#findInPiece(bytes, start, end);
    let found = NOTHING;
    const longest = (this.#groups.at(-1) as Group).length;
    for (let at = start; at < end; at += PIECE) {
      const here = this.#findInPiece(bytes, at, Math.min(end, at + PIECE + longest - 1));
      if (here.length > 0) found = [...found, ...here];
    }
    return found;
  }

  /**
   * With the polynomial of each beginning known, the polynomial of any window is one product away:
   * sum(beginning that ends with it) - sum(beginning before it) * base^length.
   */
  #findInPiece(bytes: Uint8Array, start: number, end: number): readonly Found[] {
    const size = end - start;
    const [base, sums, sieve] = [this.#base, this.#sums, this.#sieve];
    // Two bytes a step: the processor need not wait for one product before it begins the next.
    const square = Math.imul(base, base);
    let sum = 0;
    let done = 0;
    for (; done + 1 < size; done += 2) {
      const first = bytes[start + done] as number;
      sums[done + 1] = (Math.imul(sum, base) + first) | 0;
      sum = (Math.imul(sum, square) + (Math.imul(first, base) + (bytes[start + done + 1] as number))) | 0;
      sums[done + 2] = sum;
    }
    if (done < size) sums[size] = (Math.imul(sum, base) + (bytes[start + done] as number)) | 0;
    let found = NOTHING;
    for (let index = 0; index < this.#groups.length; index += 1) {
      const group = this.#groups[index] as Group;
      const { length, power } = group;
      if (length > size) break;
      const last = Math.min(size - length, PIECE - 1);
      for (let at = 0; at <= last; at += 1) {
        const filter = ((sums[at + length] as number) - Math.imul(sums[at] as number, power)) | 0;
        if ((((sieve[(filter >>> 3) & 0x1fff] as number) >>> (filter & 7)) & 1) === 0) continue;
        const known = this.#confirm(bytes, start + at, group, filter);
        if (known) found = [...found, { at: start + at, length, known }];
      }
    }
    return found;
  }

  #confirm(bytes: Uint8Array, at: number, { length, byFilter }: Group, filter: number): Known | undefined {
    const entries = byFilter.get(filter);
    if (!entries) return undefined;
    const digest = digestOf(this.#key, bytes.subarray(at, at + length));
    return entries.find((entry) => entry.digest === digest)?.known;
  }
}

/** The alphabets that a value may have: before they were taken down, that of another service may have any. */
function alphabetsOf({ field, text }: Known): Alphabet[] {
  const { alphabet } = fingerprintParts(text) ?? {};
  if (alphabet !== undefined) return [alphabet];
  return isFieldName(field) ? ['token'] : ['constant', 'any'];
}

function groupsOf(fingerprints: readonly Known[], base: number): Group[] {
  const groups = new Map<number, Map<number, Entry[]>>();
  for (const known of fingerprints) {
    const parts = fingerprintParts(known.text);
    if (!parts) continue;
    const { length, digest } = parts;
    const filter = parts.filter | 0;
    const byFilter = groups.get(length) ?? new Map<number, Entry[]>();
    groups.set(length, byFilter);
    byFilter.set(filter, [...(byFilter.get(filter) ?? []), { digest, known }]);
  }
  return [...groups]
    .map(([length, byFilter]) => ({ length, power: power(base, length), byFilter }))
    .sort((a, b) => a.length - b.length);
}

function sieveOf(groups: readonly Group[]): Uint8Array {
  const sieve = new Uint8Array(8192);
  for (const filter of groups.flatMap(({ byFilter }) => [...byFilter.keys()])) {
    const slot = (filter >>> 3) & 0x1fff;
    sieve[slot] = (sieve[slot] as number) | (1 << (filter & 7));
  }
  return sieve;
}

function power(base: number, exponent: number): number {
  let result = 1;
  for (let step = 0; step < exponent; step += 1) result = Math.imul(result, base);
  return result;
}
