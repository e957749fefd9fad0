/** What kinds of characters a run has, as bits. */
const LOWER = 1;
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
 * Visits the runs of at least `shortest` bytes of the class, from left to right. Looks at the byte where a run that
 * begins here would have to reach, and back from there; where it meets another byte, all starts before that are ruled
 * out. So ordinary text costs far fewer looks than it has bytes.
 */
export function forEachRun(
  bytes: Uint8Array,
  from: number,
  table: ByteKinds,
  shortest: number,
  visit: (start: number, end: number, kinds: number) => void,
): void {
  const size = bytes.length;
  let [start, seenTo] = [from, from];
  for (let at = start + shortest - 1; at < size; at = start + shortest - 1) {
    let back = at;
    while (back >= seenTo && table[bytes[back] as number] !== 0) back -= 1;
    if (back >= seenTo) {
      start = back + 1;
      seenTo = at + 1;
      continue;
    }
    let end = at + 1;
    while (end < size && table[bytes[end] as number] !== 0) end += 1;
    let kinds = 0;
    for (let look = start; look < end; look += 1) kinds |= table[bytes[look] as number] as number;
    visit(start, end, kinds);
    start = end + 1;
    seenTo = start;
  }
}
