import type { Assignment, Format } from './assignment.ts';
import { notebookCells } from './json.ts';
import { lineFinder } from './lines.ts';
import { readPython } from './python.ts';

/**
 * What the code cells of a Jupyter notebook assign, read as one Python program. A value's place is the JSON text of the
 * lines that it stands on, so it cannot be replaced by itself: a notebook is read, not rewritten.
 * @throws Failure exit 2
 */
function readNotebook(text: string): Assignment[] {
  const lines = notebookCells(text).flatMap(({ lines: cell }) => [
    ...cell.map(({ value, offset, length }) => ({ source: String(value), offset, length })),
    { source: '\n', offset: 0, length: 0 },
  ]);
  const source = lines.map((line) =>
    /^\s*[%!?]/.test(line.source) ? line.source.replace(/\S/, '#') : line.source,
  );
  const starts: number[] = [];
  let total = 0;
  for (const line of source) {
    starts.push(total);
    total += line.length;
  }
  const lineOf = lineFinder(text);
  let index = 0;
  // In the order of the text, so that one way through the lines is enough.
  return readPython(source.join('')).map((assignment) => {
    while ((starts[index + 1] ?? total) <= assignment.value.start) index += 1;
    const { offset = 0, length = 0 } = lines[index] ?? {};
    return { ...assignment, line: lineOf(offset), value: { start: offset, end: offset + length } };
  });
}

export const notebook: Format = { name: 'Jupyter notebook', kind: 'data', read: readNotebook };
