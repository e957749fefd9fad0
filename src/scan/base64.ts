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

/** Groups that follow each other, each four places after the last, in a history with one bit for each place. */
const IN_A_ROW = Array.from({ length: FEWEST_GROUPS }, (_, group) => 1 << (4 * group)).reduce(
  (a, b) => a | b,
);

/** The shifts, 0 to 3, at which a run may hold base64 of a value: there enough groups follow each other. */
export function textShifts(bytes: Uint8Array, start: number, end: number): readonly number[] {
  let shifts = 0;
  // Places of the two bytes before, and a bit for each place at which a group could begin, the last one lowest.
  let [before, last, groups] = [0, 0, 0];
  for (let at = start; at < end; at += 1) {
    const places = PLACES[bytes[at] as number] as number;
    groups = (groups << 1) | (before & (last >> 1) & (places >> 2) & 1);
    if ((groups & IN_A_ROW) === IN_A_ROW) shifts |= 1 << ((at - 2 - start) & 3);
    before = last;
    last = places;
  }
  return shifts === 0 ? NONE : [0, 1, 2, 3].filter((shift) => ((shifts >> shift) & 1) === 1);
}

const NONE: readonly number[] = [];
