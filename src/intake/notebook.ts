import { usage } from '../failure.ts';
import type { Assignment, Format } from './assignment.ts';
import { readPython } from './python.ts';

/**
 * The Python in the code cells of a Jupyter notebook (nbformat 3 and 4). Lines and places are those of the cells put
 * together: a notebook can be read, and not scrubbed.
 * @throws Failure exit 2
 */
function readNotebook(text: string): Assignment[] {
  let notebook: unknown;
  try {
    notebook = JSON.parse(text);
  } catch {
    throw usage('not a notebook: it is no JSON');
  }
  const found = cellsOf(notebook).flatMap((source) => readPython(source));
  return found.map((assignment) => ({ ...assignment, line: lineOf(text, assignment) }));
}

export const notebook: Format = { name: 'notebook', kind: 'data', read: readNotebook };

function cellsOf(notebook: unknown): string[] {
  const sheets = [notebook, ...list(member(notebook, 'worksheets'))];
  const cells = sheets.flatMap((sheet) => list(member(sheet, 'cells')));
  return cells
    .filter((cell) => member(cell, 'cell_type') === 'code')
    .map((cell) => member(cell, 'source') ?? member(cell, 'input'))
    .map((source) => (Array.isArray(source) ? source.join('') : String(source ?? '')));
}

/** The line of the notebook that holds the value, or the first. */
function lineOf(text: string, { secret }: Assignment): number {
  const at = text.indexOf(JSON.stringify(secret.reveal()).slice(1, -1));
  return at < 0 ? 1 : text.slice(0, at).split('\n').length;
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function member(value: unknown, key: string): unknown {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[key] : undefined;
}
