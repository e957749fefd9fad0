import { unsafe } from 'ini';
import type { Assignment, Format } from './assignment.ts';
import { assignmentsOf, type Entry } from './data.ts';

const LINE = /[^\r\n]*(?:\r\n|\n|\r|$)/g;
const SECTION = /^\s*\[([^\]]*)\]\s*(?:[;#].*)?$/;
const PAIR = /^\s*([^=:\s;#[][^=:]*?)\s*[=:]\s*(.*?)\s*$/;

/**
 * The entries of an INI file, with `=` or `:`, as Python's configparser and the library ini both understand them: quotes and
 * escapes by the library, indented lines as the continuation of a value. Values stay texts, `true` too.
 */
function readIni(text: string): Assignment[] {
  return assignmentsOf(text, entries(text));
}

export const ini: Format = { name: 'INI', kind: 'data', read: readIni };

interface Open {
  readonly name: string;
  readonly scope: readonly string[];
  readonly indent: number;
  readonly start: number;
  end: number;
  parts: string[];
  value: { start: number; end: number };
}

function* entries(text: string): Generator<Entry> {
  let scope: string[] = [];
  let open: Open | undefined;
  for (const { 0: whole, index } of text.matchAll(LINE)) {
    if (whole === '') continue;
    const line = (index === 0 ? whole.replace(/^\ufeff/, ' ') : whole).replace(/[\r\n]+$/, '');
    if (open && isContinuation(line, open)) {
      extend(open, line, index, whole.length);
      continue;
    }
    if (open) yield closed(open);
    open = undefined;
    const section = SECTION.exec(line)?.[1];
    if (section !== undefined) scope = [section.trim()];
    else open = pairOf(line, index, whole.length, scope);
  }
  if (open) yield closed(open);
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

function isContinuation(line: string, { indent }: Open): boolean {
  return indentOf(line) > indent && /^\s+[^\s;#[]/.test(line) && !PAIR.test(line);
}

function extend(open: Open, line: string, index: number, length: number): void {
  const start = index + indentOf(line);
  if (open.value.start === open.value.end && open.parts[0] === '') open.value.start = start;
  open.parts.push(line.trim());
  open.value.end = index + line.trimEnd().length;
  open.end = index + length;
}

function pairOf(line: string, index: number, length: number, scope: string[]): Open | undefined {
  if (/^\s*[;#]/.test(line)) return undefined;
  const [, name, raw] = PAIR.exec(line) ?? [];
  if (name === undefined || raw === undefined) return undefined;
  const bare = withoutComment(raw);
  const start = index + line.trimEnd().length - raw.length;
  const value = { start, end: start + bare.length };
  return { name, scope, indent: indentOf(line), start: index, end: index + length, parts: [bare], value };
}

/** A comment behind a value begins with white space; a credential's own characters never do. */
function withoutComment(raw: string): string {
  const quoted = /^("(?:[^"\\]|\\.)*"|'[^']*')(?=\s*(?:[;#]|$))/.exec(raw)?.[1];
  return quoted ?? raw.replace(/\s[;#].*$/, '').trimEnd();
}

function closed({ name, scope, parts, value, start, end }: Open): Entry {
  const text = parts
    .map((part) => String(unsafe(part)))
    .join('\n')
    .replace(/^\n/, '');
  return { name: String(unsafe(name)), scope, text, value, entry: { start, end } };
}
