import { failed } from '../failure.ts';
import type { Assignment, Format } from '../intake/assignment.ts';
import { readAgain } from './again.ts';
import { composed, type Edit, edited } from './edit.ts';
import { isSame, type Move, nameOf } from './moves.ts';

/**
 * The edits that take entries out of a data file. One at a time, and the rest read again after each: what goes along
 * with an entry (a comma, the brackets of what it leaves empty) depends on what is left around it.
 * @throws Failure exit 1 where an entry cannot be taken out
 */
export function dataEdits(path: string, text: string, format: Format, moves: readonly Move[]): Edit[] {
  const find = (edits: readonly Edit[], assignment: Assignment): Assignment | undefined =>
    readAgain(path, format, edited(text, edits)).find((other) => isSame(other, assignment));
  let edits: Edit[] = [];
  for (const { assignment } of moves) {
    let found = find(edits, assignment);
    if (!found) throw cannotGo(path, assignment, moves);
    // An entry that stands there twice counts once: both go.
    for (; found; found = find(edits, assignment)) {
      if (!found.entry) throw cannotGo(path, assignment, moves);
      const { left = '', ...span } = found.entry;
      edits = composed(edits, { ...span, text: left, moves: [] });
    }
  }
  return edits.map((edit) => ({ ...edit, moves: movesIn(edit, moves) }));
}

function cannotGo(path: string, assignment: Assignment, moves: readonly Move[]): Error {
  const { line, value } = assignment;
  const isShared = moves.filter((move) => move.assignment.value.start === value.start).length > 1;
  const what = `line ${line}: ${nameOf(assignment)} cannot be taken out by itself`;
  return failed(
    `${path} was left as it is: ${what}${isShared ? ', since several entries share it by an anchor' : ''}`,
  );
}

function movesIn({ start, end }: Edit, moves: readonly Move[]): Move[] {
  return moves.filter(({ assignment: { value } }) => start <= value.start && value.start < end);
}
