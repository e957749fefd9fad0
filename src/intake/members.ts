import type { Entry, Span } from './assignment.ts';
import { endOfLine, startOfLine } from './lines.ts';

/** All of the lines that a stretch of text stands on. */
export function wholeLines(text: string, { start, end }: Span): Span {
  const isAtLineStart = end > start && startOfLine(text, end) === end;
  return { start: startOfLine(text, start), end: isAtLineStart ? end : endOfLine(text, end) };
}

/**
 * The stretch to take out for one of the members that commas separate in brackets: with its comma, with the comma before
 * it where it is the last, and with its whole line where nothing else stands there. Comments behind the comma before it
 * stay.
 * @param inside from behind the opening bracket to before the closing one
 * @param comma finds a comma that is in no comment
 */
export function memberEntry(
  text: string,
  members: readonly Span[],
  index: number,
  inside: Span,
  comma: Comma,
): Entry {
  const member = members[index] as Span;
  const right = comma(member.end, members[index + 1]?.start ?? inside.end);
  if (right !== undefined) return withLine(text, { start: member.start, end: right + 1 }, inside);
  const before = members[index - 1];
  const left = before && comma(before.end, member.start);
  if (left === undefined) return withLine(text, member, inside);
  const between = text.slice(left + 1, member.start);
  END_OF_LINE.lastIndex = member.end;
  // A comment that ends with its line must not swallow what closes the brackets.
  const comments = between.trim() === '' || END_OF_LINE.test(text) ? between.trimEnd() : between;
  return { start: left, end: member.end, ...(comments === '' ? {} : { left: comments }) };
}

/** The offset of the first comma between two offsets that is in no comment. */
export type Comma = (start: number, end: number) => number | undefined;

const REST_OF_LINE = /[^\S\r\n]*(?:(?:\/\/|#)[^\r\n]*)?(?:\r\n|\n|\r)/y;
const END_OF_LINE = /[^\S\r\n]*(?:\/\/|#|[\r\n])/y;
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
