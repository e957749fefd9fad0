import type { Assignment, Format } from './assignment.ts';
import { assignmentsOf, type Entry } from './data.ts';
import { endOfLine, startOfLine } from './lines.ts';

const PIECE = /'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^\s'"\\;&|<>()`$#]+|#)/y;
const NAME = /[A-Za-z_]\w*(?==)/y;
const START = /(?:^|(?<=[;&\s]))(?=[A-Za-z_]\w*=)|'[^']*'|"(?:[^"\\]|\\[\s\S])*"|(?<=^|\s)#.*|\\[\s\S]/gm;
const WRITERS = /^\s*(?:(?:export|declare|typeset|readonly|local)\s+(?:-\w+\s+)*)?$/;

/**
 * Assignments of a shell's file: `A="..." B='...'`, `export C=...`. Values that the shell would work out (`$X`, backquotes)
 * are none.
 */
function readShell(text: string): Assignment[] {
  return assignmentsOf(text, entries(text));
}

export const shell: Format = { name: 'shell assignments', kind: 'data', read: readShell };

function* entries(text: string): Generator<Entry> {
  for (let match = next(text, 0); match; ) {
    let at = match.index + match[0].length;
    if (match[0] === '') {
      NAME.lastIndex = at;
      const name = NAME.exec(text)?.[0] ?? '';
      const start = at + name.length + 1;
      const { value: meaning, end } = word(text, start);
      at = end;
      const entry = entryOf(text, match.index, end);
      if (meaning !== undefined) yield { name, scope: [], text: meaning, value: { start, end }, entry };
    }
    match = next(text, at);
  }
}

function next(text: string, at: number): RegExpExecArray | null {
  START.lastIndex = at;
  return START.exec(text);
}

/** One word of the shell; no value where parts of it are worked out. */
function word(text: string, start: number): { value: string | undefined; end: number } {
  let value: string | undefined = '';
  let end = start;
  for (;;) {
    PIECE.lastIndex = end;
    const piece = PIECE.exec(text);
    if (!piece) break;
    end = PIECE.lastIndex;
    const [, single, double, escaped, plain] = piece;
    if (double !== undefined && /(^|[^\\])(\\\\)*[$`]/.test(double)) value = undefined;
    const meaning =
      single ??
      plain ??
      escaped?.replace('\n', '') ??
      double?.replace(/\\([$`"\\\n])/g, (_, c) => (c === '\n' ? '' : c));
    if (value !== undefined) value += meaning ?? '';
  }
  const behind = text[end];
  if (behind !== undefined && /[^\s;&|<>)]/.test(behind))
    return { value: undefined, end: Math.max(end, start) };
  return { value, end };
}

/** The whole line where it holds nothing else, otherwise the assignment and the space behind it. */
function entryOf(text: string, start: number, end: number): { start: number; end: number } {
  const line = { start: startOfLine(text, start), end: endOfLine(text, end) };
  const before = text.slice(line.start, start);
  const after = text.slice(end, line.end);
  if (WRITERS.test(before) && /^[^\S\r\n]*;?[^\S\r\n]*(#.*)?[\r\n]*$/.test(after)) return line;
  return { start, end: end + (/^[^\S\r\n]*(;[^\S\r\n]*)?/.exec(after)?.[0].length ?? 0) };
}
