import type { Assignment, Format, Span } from './assignment.ts';
import { notebookCells } from './json.ts';
import { lineFinder } from './lines.ts';
import { readPython } from './python.ts';

/** A line of a code cell, or all of its lines where the notebook has them in one string. */
export interface Piece {
  /** Where it begins in the program. */
  readonly start: number;
  readonly text: string;
  /** Which code cell it belongs to, counted from 0. */
  readonly cell: number;
  /** The JSON string that gives it, with its quotes. */
  readonly string: Span;
}

/** The code cells of a notebook as one Python program. Magic lines are comments in it, of the same length. */
export interface Program {
  readonly text: string;
  readonly pieces: readonly Piece[];
}

/** @throws Failure exit 2 where the text is not a notebook */
export function programOf(notebookText: string): Program {
  let text = '';
  const pieces: Piece[] = [];
  for (const [cell, { lines }] of notebookCells(notebookText).entries()) {
    for (const { value, offset, length } of lines) {
      const line = String(value);
      pieces.push({ start: text.length, text: line, cell, string: { start: offset, end: offset + length } });
      text += line.replace(/^([^\S\n]*)[%!?]/gm, '$1#');
    }
    text += '\n';
  }
  return { text, pieces };
}

/** The piece that an offset of the program is in. */
export function pieceAt({ pieces }: Program, offset: number): Piece | undefined {
  let [low, high] = [0, pieces.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((pieces[middle]?.start ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return pieces[low - 1];
}

/**
 * What the code cells of a Jupyter notebook assign. A value's place is the JSON text of the line that it begins on.
 * @throws Failure exit 2
 */
function readNotebook(text: string): Assignment[] {
  const program = programOf(text);
  const lineOf = lineFinder(text);
  return readPython(program.text).map((assignment) => {
    const value = pieceAt(program, assignment.value.start)?.string ?? { start: 0, end: 0 };
    return { ...assignment, line: lineOf(value.start), value };
  });
}

export const notebook: Format = { name: 'Jupyter notebook', kind: 'notebook', read: readNotebook };
