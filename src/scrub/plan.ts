import { failed } from '../failure.ts';
import type { Assignment, Format } from '../intake/assignment.ts';
import { isSurely } from '../intake/formats.ts';
import { dataEdits } from './data.ts';
import { type Edit, overlap } from './edit.ts';
import { javascriptEdits } from './javascript.ts';
import { isSame, type Move, type Scrubbable } from './moves.ts';
import type { Wanted } from './naming.ts';
import { type Notebook, notebookEdits, notebookIn } from './notebook.ts';
import { pythonEdits } from './python.ts';
import { shellEdits } from './shell.ts';
import type { SourceFile } from './source.ts';

/** A file that is to be scrubbed, as it is on disk now. */
export interface Subject {
  readonly source: SourceFile;
  readonly format: Format;
  /** All that the file assigns, read from `source.text`. */
  readonly assignments: readonly Assignment[];
  /** The moves, with the places that they have in `source.text`. */
  readonly moves: readonly Move[];
  /** The notebook whose code `source` is. */
  readonly notebook?: Notebook;
}

/**
 * A file and the moves out of it, found again in the text as it is now. Where the file gives a value that was imported
 * under another name as well, or gives one that was imported from another file, that place moves too.
 * @param all the moves out of all files
 * @throws Failure exit 1 where the file no longer says what was imported
 */
export function subjectOf(
  source: SourceFile,
  { format }: Scrubbable,
  moves: readonly Move[],
  all: readonly Move[],
): Subject {
  if (format.kind === 'notebook') {
    const notebook = notebookIn(source);
    return {
      ...subjectOf(notebook.code, { path: source.path, format: notebook.format }, moves, all),
      notebook,
    };
  }
  const assignments = format.read(source.text);
  const free = new Set(assignments);
  const found = moves.map((move) => {
    const assignment = [...free].find((other) => isSame(other, move.assignment));
    if (!assignment) throw failed(`${source.path} no longer says what was imported from it`);
    free.delete(assignment);
    return { ...move, assignment };
  });
  const more = [...free].flatMap((assignment) => {
    const known = [...moves, ...all].find((move) => move.assignment.secret.equals(assignment.secret));
    return known ? [{ ...known, assignment }] : [];
  });
  return { source, format, assignments, moves: [...found, ...more] };
}

/** What a program reads by name, so that the name decides which value it gets. */
export const isRead = ({ format }: Pick<Subject, 'format'>): boolean =>
  format.kind !== 'data' && format.kind !== 'read-only';

/** What sets variables, so that its own names are those of the environment. */
export const isNamedByFile = ({ format }: Pick<Subject, 'format'>): boolean =>
  format.kind === 'dotenv' || format.kind === 'shell';

/** The variables that the file's program is to read. */
export function wantedBy(subject: Subject): Wanted[] {
  return subject.moves.map((move) => {
    const { name, variable } = move.assignment;
    if (isNamedByFile(subject)) return { move, name, isFixed: true };
    return { move, name: variable ?? name, isFixed: variable !== undefined };
  });
}

/**
 * The edits that take the values out.
 * @param account the profile that the program will run under
 * @throws Failure exit 1 where that cannot be done safely
 */
export function editsFor(subject: Subject, account: string, names: ReadonlyMap<Move, string>): Edit[] {
  const { source, format, moves, notebook } = subject;
  if (format.kind !== 'read-only' && !notebook && !isSurely(format, source.path, source.text))
    throw failed(`${source.path} was left as it is: nothing shows what kind of file it is`, [
      'let its program read the environment, and take the values out by hand',
    ]);
  const edits = EDITORS[format.kind]({ ...subject, names: chosenNames(moves, names), account });
  if (overlap(edits)) throw failed(`${source.path} has values inside one another`);
  return edits;
}

interface Task extends Subject {
  readonly names: ReadonlyMap<Move, string>;
  readonly account: string;
}

const pythonIn = ({ source, notebook, names }: Task): Edit[] =>
  notebook ? notebookEdits(notebook, names) : pythonEdits(source.path, source.text, names);

const EDITORS: Record<Format['kind'], (task: Task) => Edit[]> = {
  python: pythonIn,
  notebook: pythonIn,
  javascript: ({ source, names }) => javascriptEdits(source.path, source.text, names),
  dotenv: ({ moves, account }) =>
    moves.map((move) => ({
      ...move.assignment.value,
      text: `twvault://${account}/${move.field}`,
      moves: [move],
    })),
  shell: ({ source, moves }) => shellEdits(source.path, source.text, moves),
  data: ({ source, format, moves }) => dataEdits(source.path, source.text, format, moves),
  'read-only': ({ source, format }) => {
    throw failed(`${source.path} was left as it is: a scrub does not change ${format.name}`, [
      'let the program read its environment, and take the values out by hand',
    ]);
  },
};

function chosenNames(moves: readonly Move[], names: ReadonlyMap<Move, string>): Map<Move, string> {
  return new Map(moves.flatMap((move) => (names.has(move) ? [[move, names.get(move) as string]] : [])));
}
