/** Bytes made from other bytes, and where each came from. */
export interface Decoded {
  readonly bytes: Uint8Array;
  /** Where the bytes [from, to) came from, in what was decoded. */
  readonly origin: (from: number, to: number) => readonly [from: number, to: number];
}

const [PERCENT, BACKSLASH, DOUBLE, SINGLE] = [0x25, 0x5c, 0x22, 0x27];
/** The escapes that stand for white space. */
const SPACES = new Map([...'nrtbf'].map((letter) => [letter.charCodeAt(0), 0x20]));

/** Undoes `%2F`; undefined where there is nothing of the kind. */
export function decodePercent(bytes: Uint8Array): Decoded | undefined {
  if (!bytes.includes(PERCENT)) return undefined;
  return decode(bytes, (at) => {
    if (bytes[at] !== PERCENT) return undefined;
    const value = hexadecimal(bytes, at + 1, 2);
    return value === undefined ? undefined : [value, 3];
  });
}

/** Undoes the escapes of JSON, programming languages and shells: `\u0041`, `\x41`, `\/`, `\-`. */
export function decodeEscapes(bytes: Uint8Array): Decoded | undefined {
  if (!bytes.includes(BACKSLASH)) return undefined;
  return decode(bytes, (at) => {
    const next = bytes[at + 1];
    if (bytes[at] !== BACKSLASH || next === undefined) return undefined;
    if (next === LETTER_U) return unitEscaped(bytes, at) ?? [next, 2];
    const byte = next === LETTER_X ? hexadecimal(bytes, at + 2, 2) : undefined;
    return byte === undefined ? [SPACES.get(next) ?? next, 2] : [byte, 4];
  });
}

const [LETTER_U, LETTER_X] = [0x75, 0x78];

/** `\u` with four digits, or two of them for one character: what it is in UTF-8. */
function unitEscaped(
  bytes: Uint8Array,
  at: number,
): readonly [readonly number[] | number, number] | undefined {
  const unit = hexadecimal(bytes, at + 2, 4);
  if (unit === undefined) return undefined;
  if (unit < 0x80) return [unit, 6];
  const isFollowed = bytes[at + 6] === BACKSLASH && bytes[at + 7] === LETTER_U;
  const second = isFollowed ? hexadecimal(bytes, at + 8, 4) : undefined;
  const isPair = (unit & 0xfc00) === 0xd800 && second !== undefined && (second & 0xfc00) === 0xdc00;
  const text = isPair ? String.fromCharCode(unit, second) : String.fromCharCode(unit);
  return [[...Buffer.from(text)], isPair ? 12 : 6];
}

/** Joins what a shell would join: `'ab'"cd"` is abcd. */
export function decodeQuotes(bytes: Uint8Array): Decoded | undefined {
  return decode(bytes, (at) => (bytes[at] === DOUBLE || bytes[at] === SINGLE ? [undefined, 1] : undefined));
}

/** @param step the byte, or bytes, that stand at a place and how many it takes, or undefined to keep the byte */
function decode(
  bytes: Uint8Array,
  step: (at: number) => readonly [value: number | readonly number[] | undefined, taken: number] | undefined,
): Decoded | undefined {
  const out = new Uint8Array(bytes.length);
  const from = new Uint32Array(bytes.length + 1);
  let length = 0;
  let isChanged = false;
  const put = (byte: number, at: number): void => {
    from[length] = at;
    out[length] = byte;
    length += 1;
  };
  for (let at = 0; at < bytes.length; ) {
    const [value, taken] = step(at) ?? [bytes[at], 1];
    if (taken > 1 || value === undefined) isChanged = true;
    if (typeof value === 'number') put(value, at);
    else for (const byte of value ?? []) put(byte, at);
    at += taken;
  }
  if (!isChanged) return undefined;
  from[length] = bytes.length;
  const origin = (start: number, end: number): [number, number] => [
    from[start] as number,
    from[end] as number,
  ];
  return { bytes: out.subarray(0, length), origin };
}

function hexadecimal(bytes: Uint8Array, at: number, digits: number): number | undefined {
  let value = 0;
  for (let look = at; look < at + digits; look += 1) {
    const digit = digitOf(bytes[look]);
    if (digit === undefined) return undefined;
    value = value * 16 + digit;
  }
  return value;
}

function digitOf(byte: number | undefined): number | undefined {
  if (byte === undefined) return undefined;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : undefined;
}

/**
 * Undoes base64 of either alphabet, taking the text to begin with the character at `shift` (0 to 3) of a group.
 * @param text characters of the alphabets only
 */
export function decodeBase64(text: string, shift: number): Decoded {
  const origin = (from: number, to: number): [number, number] => [
    shift + Math.floor((from * 4) / 3),
    Math.min(text.length, shift + Math.ceil((to * 4) / 3)),
  ];
  return { bytes: Buffer.from(text.slice(shift), 'base64'), origin };
}
