import { FIELDS, type FieldName } from '../profile/fields.ts';
import { fieldNamed, shortNamed } from '../profile/spelling.ts';

/** What the text before a value says that the value is. */
export interface Naming {
  readonly field: FieldName;
  /** Whether the name is X's own; other services too have an `api_key` or a `secret`. */
  readonly isOwn: boolean;
}

/** Words that stand between a name and its value: types, `or`, `default`, the tags of a property list, HTML entities. */
const BETWEEN =
  /^(string|str|text|value|val|key|or|default|defaultvalue|const|char|let|var|is|are|content|type|any|readonly|literal|final|static|public|private|std|data|name|equals|to|n|r|t|u|b|f|s|at|here|quot|apos|amp|lt|gt)$/i;
const OWN = /twit|tweet|consumer|oauthtoken|oauth1|oauthaccess/;
/** What people add to a name: `CONSUMER_KEY_2`, `api_key_prod`. */
const SUFFIX =
  /(\d+|dev|development|prod|production|test|testing|staging|live|local|default|value|str|string|main|new|old)$/;
/** Words of a sentence that are short names too, in capitals. */
const WORD = /^a[st]$/;
/** Of three words before another one. */
const LONGEST_PHRASE = 100;
const MOST_WORDS_BETWEEN = 4;
const LONGEST_GAP = 48;
/** What may stand between a name and the next word or the value, besides white space. */
const GAP = /^[\s"'`\\=:>,|()[\]{}<&;#*~@/!?+$-]*$/;

const SPELLINGS: readonly (readonly [string, FieldName])[] = FIELDS.flatMap(({ name, aliases, env }) =>
  [name, ...aliases, ...Object.values(env)].map((spelling) => [plain(spelling), name] as const),
)
  .filter(([spelling]) => spelling.length >= 6)
  .sort(([one], [other]) => other.length - one.length);

/**
 * The field that the text before a value names, with whatever stands between name and value in the languages and
 * formats that people keep keys in; undefined where the nearest name is another one.
 * @param before the text that ends where the value begins
 */
export function namedBefore(before: string): Naming | undefined {
  let end = before.length;
  for (let words = 0; words <= MOST_WORDS_BETWEEN; words += 1) {
    const word = lastWord(before, end);
    if (!word) return undefined;
    const naming = spelled(word.text, before.slice(0, word.start));
    if (naming) return naming;
    if (!BETWEEN.test(word.text)) return undefined;
    end = word.start;
  }
  return undefined;
}

/** Whether the text before a value calls it something, whatever that is. */
export function isNamedOtherwise(before: string): boolean {
  return /[A-Za-z_]{3}\w*\\?["']?\s{0,4}[=:]\s{0,4}\\?["']?$/.test(before);
}

function lastWord(before: string, end: number): { text: string; start: number } | undefined {
  let last = end;
  while (last > 0 && !isWordPart(before.charCodeAt(last - 1))) last -= 1;
  if (last === 0 || end - last > LONGEST_GAP || !isGap(before.slice(last, end))) return undefined;
  let start = last;
  while (start > 0 && isWordPart(before.charCodeAt(start - 1))) start -= 1;
  // A hyphen or a dot joins only between letters: `consumer-key`, `oauth.consumerKey`.
  while (start > 1 && /[.-]/.test(before[start - 1] as string) && isWordPart(before.charCodeAt(start - 2))) {
    start -= 2;
    while (start > 0 && isWordPart(before.charCodeAt(start - 1))) start -= 1;
  }
  return { text: before.slice(start, last), start };
}

function isGap(gap: string): boolean {
  // A statement's end with something after it ends what a name can refer to; the end of an HTML entity does not.
  return GAP.test(gap) && !/;\s*[^\s:=&]|\n\s*\n/.test(gap);
}

function isWordPart(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    code === 0x5f ||
    (code >= 0x61 && code <= 0x7a)
  );
}

/** The field that a word names, with the words before it where a name is written in several ("API Key Secret"). */
function spelled(word: string, before: string): Naming | undefined {
  const phrase = /(?:[A-Za-z][A-Za-z0-9]*[ ]){0,3}$/.exec(before.slice(-LONGEST_PHRASE))?.[0] ?? '';
  const words = [...phrase.split(' ').filter(Boolean), word];
  for (let from = 0; from < words.length; from += 1) {
    const naming = namingOf(words.slice(from).join(' '));
    if (naming) return naming;
  }
  return undefined;
}

function namingOf(name: string): Naming | undefined {
  let spelling = plain(name);
  for (let rest = ''; rest !== spelling; ) {
    rest = spelling;
    const short = WORD.test(name) ? undefined : shortNamed(name);
    const field = fieldNamed(spelling) ?? short ?? endingIn(spelling);
    if (field) return { field, isOwn: OWN.test(plain(name)) };
    spelling = spelling.replace(SUFFIX, '');
  }
  return undefined;
}

function endingIn(name: string): FieldName | undefined {
  return SPELLINGS.find(([spelling]) => name.endsWith(spelling))?.[1];
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}
