import { unsafe } from 'ini';
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
  for (const { start, end, next } of linesOf(text)) {
    const line = text.slice(start, end);
    if (NOTHING.test(line)) continue;
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
    entries.add({
      name: place.name,
      scope: place.scope,
      text: meaning(line.slice(separator + 1)),
      value: { start: start + value.start, end: start + value.end },
      entry: isContinued(text, line, next) ? undefined : { start, end: next },
    });
  }
  return entries.assignments();
}

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
