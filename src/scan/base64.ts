/**
 * Where base64 may hold readable text. In base64 of ASCII the highest bit of each byte is 0, which rules out half of
 * the characters at each of three places of a group of four: names and hashes are told apart without decoding them.
 */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** For each byte: which of the first three places of a group it may have in base64 of ASCII, as bits. */
const PLACES = places();
/** A value of 18 bytes covers at least this many whole groups. */
const FEWEST_GROUPS = 5;

function places(): Uint8Array {
  const table = new Uint8Array(256);
  const put = (character: string, value: number): void => {
    const first = value < 32 ? 1 : 0;
    const second = (value & 8) === 0 ? 2 : 0;
    const third = (value & 2) === 0 ? 4 : 0;
    table[character.charCodeAt(0)] = first | second | third;
  };
  [...ALPHABET].forEach(put);
  for (const character of '+-') put(character, 62);
  for (const character of '/_') put(character, 63);
  return table;
}

/** The shifts, 0 to 3, at which a run may hold base64 of a value. */
export function textShifts(bytes: Uint8Array, start: number, end: number): readonly number[] {
  let shifts = NONE;
  for (let shift = 0; shift < 4; shift += 1) {
    if (mayHoldText(bytes, start, end, shift)) shifts = [...shifts, shift];
  }
  return shifts;
}

const NONE: readonly number[] = [];

/** Whether a run may hold base64 of a value, its groups beginning `shift` characters after the start. */
function mayHoldText(bytes: Uint8Array, start: number, end: number, shift: number): boolean {
  let groups = 0;
  for (let at = start + shift; at + 2 < end; at += 4) {
    const isReadable =
      ((PLACES[bytes[at] as number] as number) & 1) !== 0 &&
      ((PLACES[bytes[at + 1] as number] as number) & 2) !== 0 &&
      ((PLACES[bytes[at + 2] as number] as number) & 4) !== 0;
    groups = isReadable ? groups + 1 : 0;
    if (groups >= FEWEST_GROUPS) return true;
  }
  return false;
}
