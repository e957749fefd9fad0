import { unsafe } from 'ini';
import { fieldNamed } from '../profile/spelling.ts';
import type { Assignment, Format, Span } from './assignment.ts';
import { Entries, linesOf } from './entries.ts';
import { endOfLine } from './lines.ts';

const NOTHING = /^\s*(?:[;#]|$)/;
/** Python allows white space before a header and a comment behind it. */
const SECTION = /^\s*\[([^\]]*)\]\s*(?:[;#].*)?$/;
/** `name: value`; a `:` within a name that `=` ends (`//registry/:_authToken=...`) is no separator. */
const COLON = /^\s*[\w.-]+\s*:(?=\s|[^=]*$)/;

/**
 * The entries of an INI file as the library ini means them, and with Python's `name: value`, with their places.
 * Every value is text. An entry of several lines, as Python continues them, is found without its entry's place.
 */
function readIni(text: string): Assignment[] {
  const entries = new Entries(text);
  const lists = new Map<string, number>();
  let scope: string[] = [];
  let read = 0;
  for (const { start, end, next } of linesOf(text)) {
    const line = text.slice(start, end);
    if (NOTHING.test(line) || start < read) continue;
    const section = SECTION.exec(line)?.[1];
    if (section !== undefined) {
      scope = [meaning(section)];
      continue;
    }
    const separator = separatorOf(line);
    if (separator === undefined) continue;
    const place = named(meaning(line.slice(0, separator)), scope, lists);
    const value = valueSpan(line, separator + 1);
    if (place.name === '') continue;
    const below = value.start === value.end ? valueBelow(text, line, next) : undefined;
    if (below) {
      entries.add({ ...place, text: below.text, value: below.value, entry: { start, end: below.next } });
      read = below.next;
      continue;
    }
    entries.add({
      ...place,
      text: meaning(line.slice(separator + 1)),
      value: { start: start + value.start, end: start + value.end },
      entry: isContinued(text, line, next) ? undefined : { start, end: next },
    });
  }
  return withDefaults(entries.assignments());
}

/** A value that stands alone on the line below its name, deeper, as Python allows. */
function valueBelow(
  text: string,
  line: string,
  start: number,
): { text: string; value: Span; next: number } | undefined {
  const next = endOfLine(text, start);
  const below = text.slice(start, next).replace(/[\r\n]+$/, '');
  if (NOTHING.test(below) || indentOf(below) <= indentOf(line) || separatorOf(below) !== undefined)
    return undefined;
  if (isContinued(text, line, next)) return undefined;
  const { start: from, end: to } = valueSpan(below, 0);
  return { text: meaning(below), value: { start: start + from, end: start + to }, next };
}

/** Python's [DEFAULT] is part of every other section: what it says goes to those that hold keys. */
function withDefaults(found: Assignment[]): Assignment[] {
  const defaults = found.filter(({ scope }) => scope.length === 1 && scope[0] === 'DEFAULT');
  if (defaults.length === 0) return found;
  const others = found.filter((assignment) => !defaults.includes(assignment));
  const keys = others.filter(({ name }) => fieldNamed(name) !== undefined);
  const sections = new Map(keys.map(({ scope }) => [JSON.stringify(scope), scope]));
  if (sections.size === 0) return found;
  const shared = [...sections.values()].flatMap((scope) => {
    const own = new Set(others.flatMap((other) => (isEqual(other.scope, scope) ? [other.name] : [])));
    return defaults.filter(({ name }) => !own.has(name)).map((each) => ({ ...each, scope }));
  });
  const kept = defaults.filter(({ value }) => !shared.some((each) => each.value === value));
  return [...kept, ...shared, ...others];
}

const isEqual = (one: readonly string[], other: readonly string[]): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

export const ini: Format = { name: 'ini', kind: 'data', read: readIni };

function separatorOf(line: string): number | undefined {
  const colon = COLON.exec(line);
  if (colon) return colon[0].length - 1;
  const at = line.indexOf('=');
  return at > 0 ? at : undefined;
}

/** To Python the next line that says something belongs to an entry where it is indented deeper. */
function isContinued(text: string, line: string, behind: number): boolean {
  let next = '';
  for (let at = behind; at < text.length && NOTHING.test(next); at = endOfLine(text, at))
    next = text.slice(at, endOfLine(text, at)).replace(/[\r\n]+$/, '');
  return !NOTHING.test(next) && indentOf(next) > indentOf(line);
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

/** `name[] = value` adds to a list: its members are named by their numbers. */
function named(
  written: string,
  scope: string[],
  lists: Map<string, number>,
): { name: string; scope: string[] } {
  if (written.length < 3 || !written.endsWith('[]')) return { name: written, scope };
  const inner = [...scope, written.slice(0, -2)];
  const key = JSON.stringify(inner);
  const index = lists.get(key) ?? 0;
  lists.set(key, index + 1);
  return { name: String(index), scope: inner };
}

/** The library's reading of a name or value; where that is a number or the like, the text that gave it. */
function meaning(raw: string): string {
  const read: unknown = unsafe(raw);
  if (typeof read === 'string') return read;
  return raw.trim().slice(1, -1);
}

/** The value with its quotes, without a comment behind it. */
function valueSpan(line: string, from: number): Span {
  const rest = line.slice(from);
  const start = from + rest.length - rest.trimStart().length;
  const value = rest.trim();
  const quote = value[0];
  if ((quote === '"' || quote === "'") && value.endsWith(quote)) return { start, end: start + value.length };
  let length = 0;
  while (length < value.length && value[length] !== ';' && value[length] !== '#') {
    length += value[length] === '\\' ? 2 : 1;
  }
  return { start, end: start + value.slice(0, length).trimEnd().length };
}
