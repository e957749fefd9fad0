import { usage } from '../failure.ts';
import { type FieldName, fieldOf } from './fields.ts';
import { Secret } from './secret.ts';
import { isPlausible } from './shape.ts';
import { fieldNamed } from './spelling.ts';

export interface Cleaned {
  readonly secret: Secret;
  /** What was taken off, in words ("surrounding quotes"), for a message. */
  readonly removed: readonly string[];
}

const PAIRS: readonly (readonly [RegExp, string])[] = [
  [/^(["'`])(.*)\1$/s, 'quotes'],
  [/^[\u201c\u201d\u201e\u00ab](.*)[\u201c\u201d\u00bb]$/s, 'smart quotes'],
  [/^[\u2018\u2019\u201a](.*)[\u2018\u2019]$/s, 'smart quotes'],
  [/^\{(?!\{)(.*)\}$/s, 'braces'],
];
const INVISIBLE = /[\u200b-\u200d\u2060\ufeff]/g;

/**
 * A value as a person pasted it, made the value that X issued: surrounding white space, quotes, smart quotes and
 * braces come off, and the caller is told which.
 * @throws Failure exit 2 where nothing usable is left: empty, a placeholder, or a browser cookie
 */
export function cleanField(field: FieldName, text: string): Cleaned {
  const { value, removed } = strip(text);
  const reason = unusable(field, value);
  if (reason) {
    throw usage(`${field} ${reason}`, [`copy the ${fieldOf(field).label} from X's developer console`]);
  }
  return { secret: new Secret(value), removed };
}

/**
 * The value of an extra. Extras belong to other services, so nothing is stripped but the final line end.
 * @throws Failure exit 2 where it is empty or cannot stand in an environment
 */
export function cleanExtra(name: string, text: string): Cleaned {
  const value = text.replace(/\r?\n$/, '');
  if (value === '') throw usage(`${name} is empty`);
  if (value.includes('\0')) throw usage(`${name} holds a NUL byte, which no environment variable can`);
  return { secret: new Secret(value), removed: [] };
}

function strip(text: string): { value: string; removed: string[] } {
  const removed = new Set<string>();
  let value = text.replace(INVISIBLE, '');
  if (value !== text) removed.add('invisible characters');
  for (let before: string | undefined; before !== value; ) {
    before = value;
    value = value.trim();
    if (value !== before) removed.add('white space');
    for (const [pattern, what] of PAIRS) {
      const inner = pattern.exec(value)?.at(-1);
      if (inner === undefined) continue;
      value = inner;
      removed.add(what);
      break;
    }
  }
  return { value, removed: [...removed] };
}

function unusable(field: FieldName, value: string): string | undefined {
  if (value === '') return 'is empty';
  if (isCookie(value)) return "holds a browser's login cookie, not a credential of X's API";
  if (isPlaceholder(field, value)) return 'is a placeholder, not a value';
  if (/[\s\p{Cc}]/u.test(value)) return 'has white space or control characters inside it';
  return undefined;
}

/** Rettiwt's API_KEY is base64 of the session cookies of a browser. */
function isCookie(value: string): boolean {
  return (
    /auth_token=|ct0=/.test(value) || /auth_token=/.test(Buffer.from(value, 'base64').toString('latin1'))
  );
}

const WHOLE = /^(none|null|undefined|nil|n\/?a|todo|tbd|test|dummy|key|string|value|password)$/i;
const BRACKETED = /^(<.*>|\[.*\]|\{\{.*\}\}|<%.*%>|%\w+%|\$\w+|\$\{.*\}|\$\(.*\))$/s;
const WORDS =
  /your|redacted|change.?me|placeholder|insert|paste|replace|enter|example|_here|here$|_aqui|aqui$|_ici$|tu_|sua?_|votre|dein/i;

/**
 * Whether a value stands for "put yours here". A value with the shape and the mixture of a real key is taken for
 * one, whatever words happen to occur in it.
 */
function isPlaceholder(field: FieldName, value: string): boolean {
  if (/^(.)\1*$/s.test(value) || /\.{3}|\u2026|[#*]{3}|[xX]{6}/.test(value)) return true;
  if (WHOLE.test(value) || BRACKETED.test(value)) return true;
  if (isPlausible(field, value)) return false;
  return WORDS.test(value) || fieldNamed(value) !== undefined;
}
