import { type FieldName, fieldOf } from '../profile/fields.ts';
import { DIGIT, LETTER, MARK, MIXED, TOKEN_KINDS } from './byte-kinds.ts';
import { argumentNaming } from './calls.ts';
import { isNamedOtherwise, type Naming, namedBefore } from './naming.ts';
import { oauth2Kind } from './oauth2.ts';
import { isPublic } from './public-values.ts';
import { isRandom } from './random.ts';
import { hasRival, hasX } from './surroundings.ts';

/** A place in a run that a rule takes for a credential. */
export interface Match {
  readonly rule: string;
  /** In bytes from the beginning of the text that was looked at. */
  readonly start: number;
  readonly end: number;
  /** True where it counts only beside another: see `strengthen`. */
  readonly isWeak: boolean;
}

/** What each field's credential is called in a report. */
export const RULES: Readonly<Record<FieldName, string>> = {
  api_key: 'api-key',
  api_secret: 'api-key-secret',
  access_token: 'oauth1-access-token',
  access_token_secret: 'oauth1-access-token-secret',
  bearer_token: 'bearer-token',
  client_id: 'oauth2-client-id',
  client_secret: 'oauth2-client-secret',
  oauth2_access_token: 'oauth2-access-token',
  oauth2_refresh_token: 'oauth2-refresh-token',
};
export const KEY_PAIR = 'api-key-pair';

/** The lengths that X gives out today; older values are shorter. */
const TODAY: Partial<Record<FieldName, number>> = {
  api_key: 25,
  api_secret: 50,
  access_token: 50,
  access_token_secret: 45,
  client_secret: 50,
};

/** A value without a digit has to have one of these: those of today, and what most older API keys have. */
const LENGTHS = new Set([...Object.values(TODAY), 21, 22]);

const TOKEN = /[A-Za-z0-9_-]{18,}/g;
const BEARER = /A{18,22}[A-Za-z0-9%+/=_-]{62,112}/g;
const SHORTEST_BEARER = 80;
const ACCESS_TOKEN = /^(\d{1,20})-([A-Za-z0-9]{20,45})$/;
const KEY = /^[A-Za-z0-9]{18,25}$/;
const SECRET = /^[A-Za-z0-9]{35,50}$/;
/** How far a name, or a call's opening, may be from its value. */
const BEFORE = 320;

/** Something in a run that has the shape of a credential and looks random. Places are in the run. */
interface Value {
  readonly text: string;
  readonly index: number;
}

/** By its bytes alone, whether a run can hold anything that `valuesIn` would find: most runs are ruled out here. */
export function mayHoldCredential(bytes: Uint8Array, start: number, end: number): boolean {
  let [from, kinds, marks] = [start, 0, 0];
  for (let at = start; at <= end; at += 1) {
    const kind = at < end ? (WORD_KINDS[bytes[at] as number] as number) : 0;
    if (kind === 0) {
      if (at - from >= 18 && isLikely(bytes, from, at, kinds, marks)) return true;
      from = at + 1;
      kinds = 0;
      marks = 0;
    } else {
      kinds |= kind;
      if (kind === MARK) marks += 1;
    }
  }
  return false;
}

/** @param marks how many of the bytes are hyphens and underscores */
function isLikely(bytes: Uint8Array, from: number, to: number, kinds: number, marks: number): boolean {
  const length = to - from;
  if ((kinds & MIXED) !== MIXED) return kinds === LETTER && LENGTHS.has(length);
  if (length > 70) return length <= 140 || bytes[from] === CAPITAL_A;
  if (marks === 0) return true;
  const first = WORD_KINDS[bytes[from] as number];
  return length === 50 || first === DIGIT || CLIENT_ID_ENDS.includes(bytes[to - 1] as number);
}

const CAPITAL_A = 0x41;
/** What base64url of `:1:ci` can end with: p, Q, k. */
const CLIENT_ID_ENDS = [0x70, 0x51, 0x6b];
const WORD_KINDS = TOKEN_KINDS.map((kind, byte) =>
  kind < MARK || byte === 0x2d || byte === 0x5f ? kind : 0,
);

/** What in a run has a credential's shape and looks random. */
export function valuesIn(run: string): Value[] {
  const values: Value[] = [];
  for (const { 0: text, index } of run.matchAll(BEARER)) {
    const isWhole = !isTokenPart(run[index - 1]) && !isTokenPart(run[index + text.length]);
    if (isWhole && isRandom(text.slice(22))) values.push({ text, index });
  }
  for (const { 0: text, index } of run.matchAll(TOKEN)) {
    if (
      oauth2Kind(text) ||
      (text.length <= 70 && couldBeOne(text) && hasDigitOrLength(text) && isRandom(text))
    ) {
      values.push({ text, index });
    }
  }
  return values;
}

/**
 * Those of a run's values that stand where a credential of X would.
 * @param text the run with its surroundings, one character a byte
 * @param start where in the text the run begins
 */
export function judged(text: string, start: number, values: readonly Value[]): Match[] {
  return values
    .filter((value) => !isPublic(value.text))
    .flatMap(({ text: value, index }) => {
      const from = start + index;
      const verdict = judge(text, value, from);
      if (!verdict || (verdict.isWeak && !DIGITS.test(value))) return [];
      return [{ start: from, end: from + value.length, ...verdict }];
    });
}

/** Without one, names of classes would make each other sure. */
const DIGITS = /\d/;

type Verdict = Pick<Match, 'rule' | 'isWeak'> & { end?: number };

function judge(text: string, value: string, start: number): Verdict | undefined {
  if (value.length >= SHORTEST_BEARER && value.startsWith('AAAAAAAA')) {
    return { rule: RULES.bearer_token, isWeak: false };
  }
  const kind = oauth2Kind(value);
  if (kind) return { rule: RULES[kind], isWeak: false };
  const end = start + value.length;
  if (!isWhole(text, start, end)) return undefined;
  const before = text.slice(Math.max(0, start - BEFORE), start);
  const naming = namedBefore(before) ?? argumentNaming(before);
  return (
    keyPair(text, value, start, end) ??
    signingKey(text, value, end) ??
    accessToken(text, value, start, naming) ??
    named(text, value, start, naming)
  );
}

const hasDigitOrLength = (value: string): boolean => DIGITS.test(value) || LENGTHS.has(value.length);

function couldBeOne(value: string): boolean {
  return (
    KEY.test(value) ||
    SECRET.test(value) ||
    ACCESS_TOKEN.test(value) ||
    fieldOf('client_secret').shape.test(value)
  );
}

/** Whether a value stands by itself: not part of a path, of base64, of a JWT or of a percent-encoded text. */
function isWhole(text: string, start: number, end: number): boolean {
  const [left, right, after] = [text[start - 1] ?? '', text[end] ?? '', text[end + 1] ?? ''];
  if (/[+/%.\\~]/.test(left) || /[+/%~]/.test(right)) return false;
  if (right === '=') return false;
  return right !== '.' || !/[A-Za-z0-9_-]/.test(after);
}

/** `KEY:SECRET`, as in Basic credentials and `curl -u`; sure where both have today's lengths or X is spoken of. */
function keyPair(text: string, value: string, start: number, end: number): Verdict | undefined {
  if (!KEY.test(value) || text[end] !== ':' || text[start - 1] === ':') return undefined;
  const secret = /^[A-Za-z0-9]{35,51}/.exec(text.slice(end + 1, end + 52))?.[0] ?? '';
  if (!SECRET.test(secret) || !isRandom(secret) || isPublic(secret)) return undefined;
  const isToday = value.length === TODAY.api_key && secret.length === TODAY.api_secret;
  return { rule: KEY_PAIR, isWeak: !isToday && !hasX(text, start), end: end + 1 + secret.length };
}

/** `SECRET&TOKEN_SECRET`, with which requests are signed: the first of the two. */
function signingKey(text: string, value: string, end: number): Verdict | undefined {
  if (value.length !== TODAY.api_secret || !SECRET.test(value)) return undefined;
  const [, other = ''] = /^(?:&|%26)([A-Za-z0-9]{45})(?![A-Za-z0-9])/.exec(text.slice(end, end + 49)) ?? [];
  return isRandom(other) ? { rule: RULES.api_secret, isWeak: false } : undefined;
}

function accessToken(
  text: string,
  value: string,
  start: number,
  naming: Naming | undefined,
): Verdict | undefined {
  const [, , tail = ''] = ACCESS_TOKEN.exec(value) ?? [];
  if (!isRandom(tail)) return undefined;
  const isSure = value.length === TODAY.access_token || naming !== undefined || hasX(text, start);
  return { rule: RULES.access_token, isWeak: !isSure };
}

function named(text: string, value: string, start: number, naming: Naming | undefined): Verdict | undefined {
  if (!naming) return bare(value, text, start);
  const { field, isOwn } = naming;
  if (!fieldOf(field).shape.test(value)) {
    return isOwn ? misplaced(text, value, start) : bare(value, text, start);
  }
  const rule = RULES[field];
  const isToday = value.length === TODAY[field];
  if (hasRival(text, start)) return undefined;
  if (isOwn) return { rule, isWeak: false };
  return { rule, isWeak: !(isToday && hasX(text, start)) };
}

/** X's own name before a value of another of its shapes: people mix them up. */
function misplaced(text: string, value: string, start: number): Verdict | undefined {
  const field = fieldOfToday(value);
  return field && hasX(text, start) && !hasRival(text, start)
    ? { rule: RULES[field], isWeak: false }
    : undefined;
}

/** A value without a name: it counts beside an access token only. */
function bare(value: string, text: string, start: number): Verdict | undefined {
  const field = fieldOfToday(value);
  if (!field || isNamedOtherwise(text.slice(Math.max(0, start - 80), start))) return undefined;
  return { rule: RULES[field], isWeak: true };
}

function fieldOfToday(value: string): FieldName | undefined {
  if (!/^[A-Za-z0-9]+$/.test(value)) return undefined;
  return (['api_key', 'api_secret', 'access_token_secret'] as const).find(
    (field) => TODAY[field] === value.length,
  );
}

function isTokenPart(character: string | undefined): boolean {
  return character !== undefined && /[A-Za-z0-9+/_-]/.test(character);
}
