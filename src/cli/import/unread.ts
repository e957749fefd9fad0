import type { Assignment } from '../../intake/assignment.ts';
import type { Findings } from '../../intake/candidates.ts';
import { lineFinder } from '../../intake/lines.ts';
import type { Reading } from '../../intake/read.ts';
import { describe } from '../../scan/rules.ts';
import { createScanner } from '../../scan/scanner.ts';

type LeftAlone = Findings['leftAlone'][number];

/**
 * Adds to what is left alone the lines where a scan sees a credential of X and no reader gave one: in comments, in
 * expressions, under another assignment to the same name, in languages that are not read.
 */
export function withUnread(findings: Findings, readings: readonly Reading[]): Findings {
  const unread = readings.flatMap(unreadIn);
  return unread.length === 0 ? findings : { ...findings, leftAlone: [...findings.leftAlone, ...unread] };
}

function unreadIn({ path, format, text, assignments }: Reading): LeftAlone[] {
  const values = new Set(assignments.map(({ secret }) => secret.reveal()));
  // Places in a notebook are counted in its code.
  const isPart = ({ value, secret }: Assignment, start: number, found: string): boolean =>
    format.kind === 'notebook' ? secret.reveal().includes(found) : value.start <= start && start < value.end;
  const lineOf = lineFinder(text);
  const places = new Map<string, LeftAlone>();
  for (const { rule, offset, length } of createScanner({ fingerprints: [] }).scan(bytesOf(text), 'text')) {
    const value = text.slice(offset, offset + length);
    if (values.has(value) || assignments.some((assignment) => isPart(assignment, offset, value))) continue;
    const line = lineOf(offset);
    places.set(`${line} ${rule}`, {
      path,
      line,
      name: '',
      reason: `it ${describe({ rule })}, where nothing is read`,
    });
  }
  return [...places.values()];
}

/** One byte for each character, so that offsets are the same; credentials are ASCII. */
const bytesOf = (text: string): Buffer => Buffer.from(text.replace(/[^\0-\x7f]/g, '\xff'), 'latin1');
