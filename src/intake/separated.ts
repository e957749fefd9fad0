import type { Span } from './assignment.ts';
import { endOfLine, startOfLine } from './lines.ts';

/**
 * What to take out with a member of a list that commas separate: the comma behind it, or the one before it where it is
 * the last. A member that has its lines to itself takes them along, with a comment that ends them.
 * @param member the member itself, without commas
 */
export function separatedEntry(text: string, member: Span, comment: RegExp): Span {
  const comma = next(text, member.end);
  const isFollowed = text[comma] === ',';
  const end = isFollowed ? comma + 1 : member.end;
  const start = isFollowed ? member.start : commaBefore(text, member.start);
  const line = startOfLine(text, start);
  const rest = endOfLine(text, end);
  const isAlone = isFollowed && /^\s*$/.test(text.slice(line, start)) && comment.test(text.slice(end, rest));
  if (isAlone) return { start: line, end: rest };
  return { start, end: isFollowed ? afterBlanks(text, end) : end };
}

/** The comma before a last member, with what stands between; the member's own start where it is the only one. */
function commaBefore(text: string, start: number): number {
  let at = start;
  while (at > 0 && /\s/.test(text[at - 1] as string)) at -= 1;
  return text[at - 1] === ',' ? at - 1 : start;
}

function next(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text[at] as string)) at += 1;
  return at;
}

function afterBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at += 1;
  return at;
}
