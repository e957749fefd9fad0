import { isDeepStrictEqual } from 'node:util';
import { failed } from '../failure.ts';
import type { Assignment, Format, Span } from '../intake/assignment.ts';
import { lineFinder } from '../intake/lines.ts';
import { type Piece, type Program, pieceAt, programOf } from '../intake/notebook.ts';
import { python } from '../intake/python.ts';
import { printable } from '../profile/names.ts';
import { type Edit, edited } from './edit.ts';
import { type Move, nameOf } from './moves.ts';
import { pythonEdits } from './python.ts';
import { editedBytes, type SourceFile } from './source.ts';

/** A notebook's file, and its code as a Python file that could be scrubbed. */
export interface Notebook {
  readonly file: SourceFile;
  readonly program: Program;
  readonly code: SourceFile;
  readonly format: Format;
}

/** @throws Failure exit 1 where it is not JSON as Jupyter reads it, or its language is another than Python */
export function notebookIn(file: SourceFile): Notebook {
  const language = languageOf(file);
  if (!/^python$/i.test(language))
    throw failed(`${file.path} was left as it is: its language is ${printable(language)}, not Python`);
  const program = programOf(file.text);
  const code: SourceFile = {
    ...file,
    text: program.text,
    bytes: Buffer.from(program.text),
    encoding: 'utf8',
    mark: 0,
  };
  const lineOf = lineFinder(file.text);
  const inFile = (assignment: Assignment): Assignment => ({
    ...assignment,
    line: lineOf(pieceAt(program, assignment.value.start)?.string.start ?? 0),
  });
  const read = (text: string) => (text === program.text ? python.read(text).map(inFile) : python.read(text));
  return { file, program, code, format: { ...python, read } };
}

interface Metadata {
  readonly metadata?: {
    readonly language_info?: { readonly name?: unknown };
    readonly kernelspec?: { readonly language?: unknown };
  };
}

function languageOf({ path, text }: SourceFile): string {
  let metadata: Metadata['metadata'];
  try {
    ({ metadata } = JSON.parse(text) as Metadata);
  } catch {
    throw failed(`${path} was left as it is: it is not strictly JSON`);
  }
  return String(metadata?.language_info?.name ?? metadata?.kernelspec?.language ?? 'python');
}

/** A cell in another language, or in a file of its own. What follows these names is Python that runs in the notebook. */
const FOREIGN_CELL = /^\s*%%(?!(?:time|timeit|capture|prun)\b)(\w*)/;

/**
 * The edits of a notebook's code. The import goes into the first cell that needs it, above its first statement.
 * @throws Failure exit 1 where a value stands in a cell that is not Python
 */
export function notebookEdits({ file, program }: Notebook, names: ReadonlyMap<Move, string>): Edit[] {
  for (const { assignment } of names.keys()) {
    const foreign = FOREIGN_CELL.exec(firstOfCell(program, assignment.value.start)?.text ?? '');
    if (!foreign) continue;
    const place = `line ${assignment.line}: ${nameOf(assignment)} stands in a cell of %%${foreign[1]}`;
    throw failed(`${file.path} was left as it is: ${place}`);
  }
  return pythonEdits(file.path, program.text, names).map((edit) =>
    edit.moves.length > 0
      ? edit
      : { ...importOf(program, names), text: `${edit.text.trimEnd()}\n`, moves: [] },
  );
}

function firstOfCell(program: Program, offset: number): Piece | undefined {
  const piece = pieceAt(program, offset);
  return program.pieces.find(({ cell }) => cell === piece?.cell);
}

const BEFORE_STATEMENT = /(?:[^\S\n]*(?:#[^\n]*)?\n|from __future__[^\n]*\n)*/y;

function importOf(program: Program, names: ReadonlyMap<Move, string>): Span {
  const first = Math.min(...[...names.keys()].map(({ assignment }) => assignment.value.start));
  BEFORE_STATEMENT.lastIndex = firstOfCell(program, first)?.start ?? 0;
  BEFORE_STATEMENT.test(program.text);
  return { start: BEFORE_STATEMENT.lastIndex, end: BEFORE_STATEMENT.lastIndex };
}

/**
 * The notebook's bytes after edits of its code: nothing but strings of code cells is different.
 * @throws Failure exit 1 where that does not hold
 */
export function rewritten(
  { file, program }: Notebook,
  edits: readonly Edit[],
): { text: string; bytes: Buffer } {
  const inFile = edits.flatMap((edit) => editsOfStrings(file.text, program, edit));
  const text = edited(file.text, inFile);
  const isProven =
    programOf(text).text === edited(program.text, edits) &&
    isDeepStrictEqual(withoutCode(text), withoutCode(file.text));
  if (!isProven) throw failed(`${file.path} was left as it is: its code cannot be replaced in the notebook`);
  return { text, bytes: editedBytes(file, inFile) };
}

/** An edit of the code as edits of the JSON strings that it is in; what it puts in goes into the first. */
function editsOfStrings(text: string, program: Program, edit: Edit): Edit[] {
  if (edit.start === edit.end) return [insertion(text, program, edit)];
  const pieces = program.pieces.filter(
    (piece) => piece.start < edit.end && edit.start < piece.start + piece.text.length,
  );
  return pieces.map((piece, at) => ({
    start: offsetIn(text, piece, Math.max(0, edit.start - piece.start)),
    end: offsetIn(text, piece, Math.min(piece.text.length, edit.end - piece.start)),
    text: at === 0 ? inside(edit.text) : '',
    moves: edit.moves,
  }));
}

/** A line more: in a list of lines a string of its own. */
function insertion(text: string, program: Program, edit: Edit): Edit {
  const piece = pieceAt(program, edit.start);
  if (!piece) return edit;
  const at = offsetIn(text, piece, edit.start - piece.start);
  const head = text.slice(0, piece.string.start);
  const space = /\s*$/.exec(head)?.[0] ?? '';
  if (edit.start > piece.start || !/[[,]$/.test(head.trimEnd()))
    return { ...edit, start: at, end: at, text: inside(edit.text) };
  const { start } = piece.string;
  return { ...edit, start, end: start, text: `${JSON.stringify(edit.text)},${space}` };
}

const inside = (text: string): string => JSON.stringify(text).slice(1, -1);

/** Where a character of a JSON string's text is written. */
function offsetIn(text: string, { string }: Piece, index: number): number {
  let at = string.start + 1;
  for (let seen = 0; seen < index; seen += 1) at += text[at] !== '\\' ? 1 : text[at + 1] === 'u' ? 6 : 2;
  return at;
}

interface Cells {
  readonly cells: { readonly cell_type?: unknown }[];
}

function withoutCode(text: string): unknown {
  const { cells, ...rest } = JSON.parse(text) as Cells;
  const others = cells.map((cell) => (cell.cell_type === 'code' ? { ...cell, source: '' } : cell));
  return { ...rest, cells: others };
}
