import { type FieldName, fieldOf } from '../profile/fields.ts';
import type { Assignment, Format } from './assignment.ts';
import { assignmentsOf, type Entry } from './data.ts';

const WORD = /[^\s,;|]+/g;
/** Lengths of what X issues today, told apart before older shapes, which overlap. */
const EXACT: readonly (readonly [number, FieldName])[] = [
  [25, 'api_key'],
  [50, 'api_secret'],
  [45, 'access_token_secret'],
];
const BY_SHAPE: readonly FieldName[] = ['bearer_token', 'access_token', 'api_key'];

/**
 * Values that stand in a text without names, on lines or between tabs or commas, told apart by their shape and their
 * order. A field
 * that comes a second time begins another account.
 */
function readBare(text: string): Assignment[] {
  return assignmentsOf(text, entries(text));
}

export const bare: Format = { name: 'bare values', kind: 'data', read: readBare };

function* entries(text: string): Generator<Entry> {
  const rows = rowsOf(text);
  let group = 0;
  let seen = new Set<FieldName>();
  const groups: Entry[][] = [[]];
  for (const { value, start } of rows) {
    const field = fieldOfShape(value, seen);
    if (!field) continue;
    if (seen.has(field)) {
      group += 1;
      groups.push([]);
      seen = new Set();
    }
    seen.add(field);
    groups[group]?.push({ name: field, scope: [], text: value, value: { start, end: start + value.length } });
  }
  for (const [index, found] of groups.entries()) {
    for (const entry of found) yield groups.length > 1 ? { ...entry, scope: [String(index)] } : entry;
  }
}

function rowsOf(text: string): { value: string; start: number }[] {
  const words: { value: string; start: number }[] = [];
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const [, quote = '', inner] = /^\ufeff?(["']?)(.*)\1$/s.exec(word) ?? [];
    const value = inner ?? word;
    words.push({ value, start: index + word.indexOf(value, quote.length) });
  }
  return words;
}

function fieldOfShape(value: string, seen: ReadonlySet<FieldName>): FieldName | undefined {
  if (!/[0-9]/.test(value) || !/[A-Za-z]/.test(value)) return undefined;
  if (/^[A-Za-z0-9]+$/.test(value)) {
    const exact = EXACT.find(([length]) => length === value.length)?.[1];
    if (exact) return exact;
    if (fieldOf('access_token_secret').shape.test(value)) {
      // A secret follows its own half: the account's behind a token, the app's behind a key.
      return seen.has('access_token') ? 'access_token_secret' : 'api_secret';
    }
  }
  return BY_SHAPE.find((field) => fieldOf(field).shape.test(value));
}
