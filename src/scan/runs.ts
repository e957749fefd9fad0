/** What kinds of characters a run has, as bits. */
export const LOWER = 1;
const UPPER = 2;
export const DIGIT = 4;
/** Characters that values are made of beside letters and digits. */
export const MARK = 8;
/** A percent sign, a backslash or a quote: the run may be an encoded or quoted form. */
export const ESCAPE = 16;
/** Whatever else is no white space. */
export const OTHER = 32;
export const LETTER = LOWER | UPPER;
export const MIXED = LETTER | DIGIT;

/** The kind of each byte; 0 ends a run. */
export type ByteKinds = Uint8Array;

/** Letters, digits, the marks of base64 and percent-encoding, and what escapes or quotes them. */
export const TOKEN_KINDS = kindsOf(false);
/** Everything but white space and control characters: values that are not X's may hold anything. */
export const SOLID_KINDS = kindsOf(true);

/** As TOKEN_KINDS, without the underscore. */
export const UNJOINED_KINDS = TOKEN_KINDS.slice().fill(0, 0x5f, 0x60);

function kindsOf(withOthers: boolean): ByteKinds {
  const kinds = new Uint8Array(256);
  if (withOthers) kinds.fill(OTHER, 0x21).fill(0, 0x7f, 0x80);
  const put = (characters: string, kind: number): void => {
    for (const character of characters) kinds[character.charCodeAt(0)] = kind;
  };
  put('abcdefghijklmnopqrstuvwxyz', LOWER);
  put('ABCDEFGHIJKLMNOPQRSTUVWXYZ', UPPER);
  put('0123456789', DIGIT);
  put('_-+/=.~', MARK);
  put('%\\"\'', ESCAPE);
  return kinds;
}

/**
 * Visits the runs of at least `shortest` bytes of the class in [from, size), from left to right. Looks at the byte where a run that
 * begins here would have to reach, and back from there; where it meets another byte, all starts before that are ruled
 * out. So ordinary text costs far fewer looks than it has bytes.
 */
export function forEachRun(
  bytes: Uint8Array,
  from: number,
  size: number,
  table: ByteKinds,
  shortest: number,
  visit: (start: number, end: number, kinds: number) => void,
): void {
  // The bytes from `start` up to `seen` are known to be of the class, and their kinds are in `known`.
  let [start, seen, known] = [from, from, 0];
  let at = start + shortest - 1;
  while (at < size) {
    let kinds = 0;
    let back = at;
    for (; back >= seen; back -= 1) {
      const kind = table[bytes[back] as number] as number;
      if (kind === 0) break;
      kinds |= kind;
    }
    if (back >= seen) {
      start = back + 1;
      seen = at + 1;
      known = kinds;
      at = start + shortest - 1;
      continue;
    }
    kinds |= known;
    let end = at + 1;
    for (; end < size; end += 1) {
      const kind = table[bytes[end] as number] as number;
      if (kind === 0) break;
      kinds |= kind;
    }
    visit(start, end, kinds);
    start = end + 1;
    seen = start;
    known = 0;
    at = end + shortest;
  }
}
