import type { Span } from '../intake/assignment.ts';
import type { Move } from './moves.ts';

/** A change of a text: what stands in the span goes, and this comes in its place. */
export interface Edit extends Span {
  readonly text: string;
  /** The moves that it carries out; none where it only prepares for others, as an import does. */
  readonly moves: readonly Move[];
}

/** Edits in the order of their places. They must not overlap. */
export function inOrder(edits: readonly Edit[]): Edit[] {
  return [...edits].sort((one, other) => one.start - other.start || one.end - other.end);
}

/** The text after the edits. */
export function edited(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const edit of inOrder(edits)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/** Where each edit's new text stands in the text after all of them, in the order of their places. */
export function placesAfter(edits: readonly Edit[]): { edit: Edit; place: Span }[] {
  let shift = 0;
  return inOrder(edits).map((edit) => {
    const start = edit.start + shift;
    const end = start + edit.text.length;
    shift += edit.text.length - (edit.end - edit.start);
    return { edit, place: { start, end } };
  });
}

/** Whether two edits touch the same text. */
export function overlap(edits: readonly Edit[]): boolean {
  return inOrder(edits).some((edit, at, all) => {
    const next = all[at + 1];
    return next !== undefined && next.start < edit.end;
  });
}

/** Edits and one more that is counted in the text after them, as edits of the text before. */
export function composed(edits: readonly Edit[], { start, end, text, moves }: Edit): Edit[] {
  const places = placesAfter(edits);
  const before = places.filter(({ place }) => place.end < start);
  const touched = places.filter(({ place }) => place.end >= start && place.start <= end);
  const after = places.filter(({ place }) => place.start > end);
  const shift = growth(before);
  const [first, last] = [touched[0], touched.at(-1)];
  const head = first?.edit.text.slice(0, Math.max(0, start - first.place.start)) ?? '';
  const tail = last?.edit.text.slice(Math.max(0, end - last.place.start)) ?? '';
  const whole: Edit = {
    start: Math.min(start - shift, first?.edit.start ?? Infinity),
    end: Math.max(end - shift - growth(touched), last?.edit.end ?? 0),
    text: head + text + tail,
    moves: [...touched.flatMap(({ edit }) => edit.moves), ...moves],
  };
  return [...before.map(({ edit }) => edit), whole, ...after.map(({ edit }) => edit)];
}

const growth = (places: readonly { edit: Edit }[]): number =>
  places.reduce((sum, { edit }) => sum + edit.text.length - (edit.end - edit.start), 0);
