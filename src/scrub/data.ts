import { failed } from '../failure.ts';
import type { Format, Span } from '../intake/assignment.ts';
import type { Edit } from './edit.ts';
import { isSame, type Move } from './moves.ts';

/**
 * The edits that take entries out of a data file. One at a time, and the rest read again after each: what goes along
 * with an entry (a comma, the only entry's section) depends on what is left around it.
 * @throws Failure exit 1 where an entry cannot be taken out
 */
export function dataEdits(text: string, format: Format, moves: readonly Move[]): Edit[] {
  let rest = text;
  /** What of the text is left, as spans of the text. */
  let left: Span[] = [{ start: 0, end: text.length }];
  for (const { assignment } of moves) {
    const entry = format.read(rest).find((other) => isSame(other, assignment))?.entry;
    if (!entry) throw failed(`line ${assignment.line}: the entry cannot be taken out by itself`);
    left = without(left, entry);
    rest = left.map(({ start, end }) => text.slice(start, end)).join('');
  }
  return gaps(left, text.length).map((gap) => ({ ...gap, text: '', moves: movesIn(gap, moves) }));
}

/** Less a span that is counted in what is left. */
function without(left: readonly Span[], { start, end }: Span): Span[] {
  let at = 0;
  return left.flatMap((span) => {
    const shift = span.start - at;
    at += span.end - span.start;
    const before = { start: span.start, end: Math.min(span.end, Math.max(span.start, start + shift)) };
    const after = { start: Math.max(span.start, Math.min(span.end, end + shift)), end: span.end };
    if (before.end >= after.start) return [span];
    return [before, after].filter((part) => part.start < part.end);
  });
}

function gaps(left: readonly Span[], length: number): Span[] {
  const ends = [0, ...left.map(({ end }) => end)];
  const starts = [...left.map(({ start }) => start), length];
  return ends
    .map((start, at) => ({ start, end: starts[at] ?? length }))
    .filter(({ start, end }) => start < end);
}

function movesIn({ start, end }: Span, moves: readonly Move[]): Move[] {
  return moves.filter(({ assignment: { value } }) => start <= value.start && value.end <= end);
}
