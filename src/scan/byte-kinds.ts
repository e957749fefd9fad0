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
