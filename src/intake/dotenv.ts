import { Secret } from '../profile/secret.ts';
import type { Assignment, Format, Span } from './assignment.ts';
import { lineFinder } from './lines.ts';

/**
 * The lines of a dotenv file, read as the library dotenv reads them, but in one pass and with their places; of two
 * lines with one name the last counts. What is no such line is passed over.
 */
export function readDotenv(text: string): Assignment[] {
  const { plain, origin } = withPlainLineEnds(text);
  const lineOf = lineFinder(text);
  const found = new Map<string, Assignment>();
  for (const { name, value, span, entry } of entries(plain)) {
    const place = { start: origin(span.start), end: origin(span.end) };
    found.delete(name);
    found.set(name, {
      name,
      scope: [],
      secret: new Secret(value),
      line: lineOf(place.start),
      value: place,
      entry: { start: origin(entry.start), end: origin(entry.end) },
    });
  }
  return [...found.values()];
}

export const dotenv: Format = { name: 'dotenv', kind: 'dotenv', read: readDotenv };

interface Entry {
  readonly name: string;
  readonly value: string;
  readonly span: Span;
  readonly entry: Span;
}

/** The text with LF for every line end, and the way back from its offsets. */
function withPlainLineEnds(text: string): { plain: string; origin: (offset: number) => number } {
  const pairs: number[] = [];
  let removed = 0;
  const plain = text.replace(/\r\n?/g, (end, offset: number) => {
    if (end.length > 1) pairs.push(offset - removed++);
    return '\n';
  });
  return { plain, origin: (offset) => offset + countBelow(pairs, offset) };
}

/** How many of the ascending numbers are below a limit. */
function countBelow(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

const LINE_END = /[\n\u2028\u2029]/g;
const SPACE = /\s*/y;
const KEY = /(?:export\s+)?([\w.-]+)(?:\s*=|:\s)/y;
const WORD = /[\w.-]*/y;
const UNQUOTED = /[^#\n]*/y;
/** What may follow a closing quote: nothing but white space and a comment, to the end of a line. */
const REST = /[^\S\n\u2028\u2029]*(?:#.*)?$/my;

function* entries(text: string): Generator<Entry> {
  for (let at = 0; at < text.length; ) {
    const start = endOf(SPACE, text, at);
    KEY.lastIndex = start;
    const name = KEY.exec(text)?.[1];
    if (name === undefined) {
      at = nextLine(text, endOf(WORD, text, start));
      continue;
    }
    const span = valueSpan(text, KEY.lastIndex);
    const end = nextLine(text, span.end);
    yield {
      name,
      value: meaning(text.slice(span.start, span.end)),
      span,
      entry: { start: startOfEntry(text, start), end },
    };
    at = end;
  }
}

function endOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  pattern.test(text);
  return pattern.lastIndex;
}

function nextLine(text: string, from: number): number {
  LINE_END.lastIndex = from;
  return LINE_END.test(text) ? LINE_END.lastIndex : text.length;
}

/** The line's own indentation goes with it. */
function startOfEntry(text: string, start: number): number {
  let at = start;
  while (at > 0 && /[^\S\n\u2028\u2029]/.test(text[at - 1] as string)) at -= 1;
  return at;
}

/** The value behind a name: quoted, perhaps over lines, or the rest of the line. */
function valueSpan(text: string, from: number): Span {
  const start = endOf(SPACE, text, from);
  const quote = text[start];
  if (quote === '"' || quote === "'" || quote === '`') {
    const end = closingQuote(text, start, quote);
    if (end !== undefined) return { start, end };
  }
  const end = endOf(UNQUOTED, text, from);
  const raw = text.slice(from, end);
  const lead = raw.length - raw.trimStart().length;
  return { start: Math.min(from + lead, end), end: from + Math.max(lead, raw.trimEnd().length) };
}

/** Behind the quote that ends a value; a quote behind a backslash does so only where no other can. */
function closingQuote(text: string, start: number, quote: string): number | undefined {
  const candidates: number[] = [];
  for (let at = text.indexOf(quote, start + 1); at >= 0; at = text.indexOf(quote, at + 1)) {
    candidates.push(at + 1);
    if (text[at - 1] !== '\\' || at - 1 === start) break;
  }
  return candidates.reverse().find((end) => {
    REST.lastIndex = end;
    return REST.test(text);
  });
}

function meaning(raw: string): string {
  const value = raw.trim();
  const inner = withoutQuotes(value);
  return value.startsWith('"') ? inner.replace(/\\n/g, '\n').replace(/\\r/g, '\r') : inner;
}

/**
 * Takes off each pair of quotes whose first begins a line and whose second ends one, from the outside. The library does
 * so with one expression, which costs quadratic time.
 */
function withoutQuotes(value: string): string {
  const last: Record<string, number> = {};
  for (const { 0: quote, index } of value.matchAll(/["'`]$/gm)) last[quote] = index;
  let result = '';
  let done = 0;
  for (const { 0: quote, index } of value.matchAll(/^["'`]/gm)) {
    const end = last[quote] ?? -1;
    if (index < done || end <= index) continue;
    result += value.slice(done, index) + value.slice(index + 1, end);
    done = end + 1;
  }
  return result + value.slice(done);
}
