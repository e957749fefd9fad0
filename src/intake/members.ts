import { type Failure, usage } from '../failure.ts';
import { Secret } from '../profile/secret.ts';
import type { Assignment, Span } from './assignment.ts';
import { endOfLine, lineFinder, startOfLine } from './lines.ts';

/** A text's name and value as a parser of data found them, before lines are counted. */
export interface Entry {
  readonly name: string;
  readonly scope: readonly string[];
  readonly text: string;
  readonly value: Span;
  readonly entry?: Span | undefined;
}

/** Entries as assignments. Of two with one name in one scope the last counts. */
export function assignmentsOf(text: string, entries: Iterable<Entry>): Assignment[] {
  const lineOf = lineFinder(text);
  const last = new Map<string, Assignment>();
  for (const { name, scope, text: value, value: span, entry } of entries) {
    const key = JSON.stringify([...scope, name]);
    last.delete(key);
    last.set(key, {
      name,
      scope,
      secret: new Secret(value),
      line: lineOf(span.start),
      value: span,
      ...(entry ? { entry } : {}),
    });
  }
  return [...last.values()];
}

/** A text that its parser refuses, by line; the parsers' own messages quote what they read. */
export function malformed(format: string, text: string, offset: number): Failure {
  return usage(`line ${lineFinder(text)(offset)} is not ${format}`);
}

/** What is nested deeper than a parser or a reader can follow. */
export const tooDeep = (format: string): Failure => usage(`the ${format} is nested too deeply`);

/** How deep readers of data follow nesting. */
export const DEEPEST = 200;

/** All of the lines that a stretch of text stands on. */
export function wholeLines(text: string, { start, end }: Span): Span {
  const isAtLineStart = end > start && startOfLine(text, end) === end;
  return { start: startOfLine(text, start), end: isAtLineStart ? end : endOfLine(text, end) };
}

/**
 * The stretch to take out for one of the members that commas separate in brackets: with its comma, with the comma before
 * it where it is the last, and with its whole line where nothing else stands there.
 * @param inside from behind the opening bracket to before the closing one
 * @param isTrivia tells a comma from one in a comment
 */
export function memberSpan(
  text: string,
  members: readonly Span[],
  index: number,
  inside: Span,
  comma: Comma,
): Span {
  const member = members[index] as Span;
  const right = comma(member.end, members[index + 1]?.start ?? inside.end);
  if (right !== undefined) return withLine(text, { start: member.start, end: right + 1 }, inside);
  const before = members[index - 1];
  const left = before && comma(before.end, member.start);
  if (left === undefined) return withLine(text, member, inside);
  return { start: left, end: member.end };
}

/** The offset of the first comma between two offsets that is in no comment. */
export type Comma = (start: number, end: number) => number | undefined;

const REST_OF_LINE = /[^\S\r\n]*(?:(?:\/\/|#)[^\r\n]*)?(?:\r\n|\n|\r)/y;
const SPACES = /[^\S\r\n]*/y;

/** Takes indentation, a comment and the line end along where the stretch is all that its lines hold. */
function withLine(text: string, span: Span, inside: Span): Span {
  const start = beforeIndentation(text, span.start);
  REST_OF_LINE.lastIndex = span.end;
  const isLine = start > inside.start && /[\r\n]/.test(text[start - 1] ?? '') && REST_OF_LINE.test(text);
  if (isLine && REST_OF_LINE.lastIndex <= inside.end) return { start, end: REST_OF_LINE.lastIndex };
  SPACES.lastIndex = span.end;
  SPACES.test(text);
  return { start: span.start, end: Math.min(SPACES.lastIndex, inside.end) };
}

/** Where the white space before an offset begins, on its own line. */
function beforeIndentation(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && /[^\S\r\n]/.test(text[at - 1] as string)) at -= 1;
  return at;
}
