import { parseLines } from 'dot-properties';
import type { Assignment, Format } from './assignment.ts';
import { Entries } from './entries.ts';
import { endOfLine } from './lines.ts';

/** A separator that a line end breaks, as files from Windows have it: the library counts it to the value. */
const CONTINUED = /(?:\\\r\n[ \t\f]*)+/y;

/** The pairs of a Java properties file, with escapes and continuation lines resolved. */
function readProperties(text: string): Assignment[] {
  const entries = new Entries(text);
  for (const node of parseLines(text, true)) {
    if (!isPair(node)) continue;
    const [keyStart, , valueStart, valueEnd] = node.range;
    CONTINUED.lastIndex = valueStart;
    const start = CONTINUED.test(text) ? CONTINUED.lastIndex : valueStart;
    // A backslash may be the last character of all: the library then counts one beyond it.
    const end = Math.min(Math.max(start, valueEnd), text.length);
    entries.add({
      name: node.key,
      text: node.value,
      value: { start, end },
      entry: { start: startOfIndent(text, keyStart), end: endOfLine(text, end) },
    });
  }
  return entries.assignments();
}

export const properties: Format = { name: 'properties', kind: 'data', read: readProperties };

interface Pair {
  readonly key: string;
  readonly value: string;
  readonly range: readonly [number, number, number, number];
}

const isPair = (node: { type: string }): node is { type: string } & Pair => node.type === 'PAIR';

function startOfIndent(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && /[ \t\f]/.test(text[start - 1] as string)) start -= 1;
  return start;
}
