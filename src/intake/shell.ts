import type { Assignment, Format } from './assignment.ts';
import { assignmentsOf, type Entry } from './data.ts';

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

const LONGEST_WRITER = 64;
const REST_OF_LINE = /[^\S\r\n]*;?[^\S\r\n]*(?:#[^\r\n]*)?(?:\r\n|\n|\r|$)/y;
const SEPARATOR = /[^\S\r\n]*(?:;[^\S\r\n]*)?/y;

/** The whole line where it holds nothing else, otherwise the assignment and the space behind it. */
function entryOf(text: string, start: number, end: number): { start: number; end: number } {
  let first = start;
  while (first > 0 && start - first < LONGEST_WRITER && !/[\r\n]/.test(text[first - 1] as string)) first -= 1;
  const isFirst = first === 0 || /[\r\n]/.test(text[first - 1] as string);
  REST_OF_LINE.lastIndex = end;
  if (isFirst && WRITERS.test(text.slice(first, start)) && REST_OF_LINE.test(text)) {
    return { start: first, end: REST_OF_LINE.lastIndex };
  }
  SEPARATOR.lastIndex = end;
  SEPARATOR.test(text);
  return { start, end: SEPARATOR.lastIndex };
}
