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
