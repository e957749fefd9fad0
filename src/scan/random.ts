const FEWEST_CHARACTERS = 10;
const HEXADECIMAL = /^(0x)?[0-9A-Fa-f]+$/;
/** Words of at least five letters hardly ever occur in a random value of this length. */
const WORDS =
  /example|placeholder|x{6}|redacted|dummy|changeme|consumer|secret|token|twitter|access|^(insert|your|fake|test)/i;

/**
 * Whether a value looks drawn at random from letters and digits, as X's are: no identifier made of words, no hash in
 * hexadecimal, no placeholder.
 */
export function isRandom(value: string): boolean {
  if (!/[a-z]/.test(value) || !/[A-Z]/.test(value)) return false;
  if (!/[0-9]/.test(value) && !areRandomLetters(value)) return false;
  if (new Set(value).size < FEWEST_CHARACTERS || HEXADECIMAL.test(value)) return false;
  if (WORDS.test(value)) return false;
  return !isOfWords(value) && inSequence(value) < value.length / 3;
}

/**
 * One in a hundred keys has no digit. Words have vowels and few changes of case; letters drawn at random have three
 * consonants in a row at nearly every other place, and change case at every other.
 */
function areRandomLetters(value: string): boolean {
  const changes = (value.match(/(?=[a-z][A-Z]|[A-Z][a-z])/g) ?? []).length;
  return changes >= value.length * 0.3 && consonantTriples(value) >= value.length * 0.2;
}

function consonantTriples(value: string): number {
  return (value.match(/(?=[b-df-hj-np-tv-xz]{3})/gi) ?? []).length;
}

/** Whether a value is nearly all words, with a number at most: `handleOAuth2CallbackUrl`. */
function isOfWords(value: string): boolean {
  // Words have vowels: few places begin three consonants in a row.
  if (consonantTriples(value) >= 4) return false;
  const words = (value.match(/[A-Z]?[a-z]{2,}/g) ?? []).reduce((sum, { length }) => sum + length, 0);
  return words >= value.length * 0.8 && (value.match(/[0-9]+/g) ?? []).length <= 1;
}

/** How many characters follow their predecessor in the alphabet or in counting, as in `aBcDeF123`. */
function inSequence(value: string): number {
  const codes = [...value.toLowerCase()].map((character) => character.charCodeAt(0));
  return codes.filter((code, at) => at > 0 && code === (codes[at - 1] as number) + 1).length;
}
