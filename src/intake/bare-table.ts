import { fieldNamed } from '../profile/spelling.ts';
import type { Assignment, Span } from './assignment.ts';
import { Entries, linesOf } from './entries.ts';

const DELIMITERS = [',', '\t', ';', '|'];
/** Columns whose values name an account. */
const USER = /^(account|account_?name|user|user_?name|screen_?name|handle|name|profile|bot)$/i;
/** No header is longer, and no cell of interest. */
const LONGEST = 4096;
/** A shorter row holds no credential. */
const SHORTEST = 18;

/** The rows of a table whose first line names at least two fields of a credential. Undefined for any other text. */
export function readTable(text: string): Assignment[] | undefined {
  const first = headerLine(text);
  if (first === undefined || first.end - first.start > LONGEST) return undefined;
  for (const delimiter of DELIMITERS) {
    const header = cellsOf(text, first, delimiter).map((cell) => cell.text);
    if (new Set(header.map(fieldNamed).filter((field) => field !== undefined)).size < 2) continue;
    return rowsOf(text, rowsBehind(text, first), namesOf(header), delimiter);
  }
  return undefined;
}

function headerLine(text: string): Span | undefined {
  for (const line of linesOf(text)) if (text.slice(line.start, line.end).trim() !== '') return line;
  return undefined;
}

function rowsBehind(text: string, header: Span): Span[] {
  const rows: Span[] = [];
  for (const { start, end } of linesOf(text)) {
    if (start > header.start && end - start >= SHORTEST) rows.push({ start, end });
  }
  return rows;
}

/** The column of the account's name is called `screen_name`, so that it names the profile. */
function namesOf(header: readonly string[]): string[] {
  const user = header.findIndex((name) => USER.test(name));
  return header.map((name, index) => (index === user ? 'screen_name' : name));
}

function rowsOf(
  text: string,
  rows: readonly Span[],
  names: readonly string[],
  delimiter: string,
): Assignment[] {
  const found = new Entries(text);
  for (const [number, row] of rows.entries()) {
    const scope = rows.length > 1 ? [String(number + 1)] : [];
    for (const [index, cell] of cellsOf(text, row, delimiter).entries()) {
      const name = names[index];
      if (name && cell.text !== '') found.add({ name, scope, text: cell.text, value: cell });
    }
  }
  return found.assignments();
}

interface Cell extends Span {
  /** Without quotes and the white space around. */
  readonly text: string;
}

/** The cells of a line; a cell in double quotes may hold the delimiter, and quotes twice. */
function cellsOf(text: string, line: Span, delimiter: string): Cell[] {
  const cells: Cell[] = [];
  for (let at = line.start; at <= line.end; ) {
    const next = text.indexOf(delimiter, behindQuoted(text, at, line.end, delimiter));
    const end = next < 0 || next > line.end ? line.end : next;
    cells.push(cellIn(text, at, end));
    at = end + 1;
  }
  return cells;
}

/** Behind a quoted cell's closing quote; where the cell begins if it is not quoted. */
function behindQuoted(text: string, start: number, end: number, delimiter: string): number {
  if (text[start] !== '"') return start;
  const limit = Math.min(end, start + LONGEST);
  for (let at = start + 1; at < limit; at += 1) {
    if (text[at] !== '"') continue;
    if (text[at + 1] !== '"') return at + 1 === end || text[at + 1] === delimiter ? at + 1 : start;
    at += 1;
  }
  return start;
}

function cellIn(text: string, from: number, to: number): Cell {
  const raw = text.slice(from, to);
  const trimmed = raw.trim();
  const start = from + raw.length - raw.trimStart().length;
  const isQuoted = trimmed.length > 1 && trimmed.startsWith('"') && trimmed.endsWith('"');
  return {
    text: isQuoted ? trimmed.slice(1, -1).replaceAll('""', '"').trim() : trimmed,
    start: Math.min(start, to),
    end: Math.min(start, to) + trimmed.length,
  };
}
