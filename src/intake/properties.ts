import { type Pair, parseLines } from 'dot-properties';
import type { Assignment, Format } from './assignment.ts';
import { assignmentsOf, wholeLines } from './data.ts';

/** The entries of a Java properties file, such as twitter4j.properties. */
function readProperties(text: string): Assignment[] {
  const plain = text.replace(/^\ufeff/, ' ');
  const pairs = parseLines(plain, true).filter((node): node is Required<Pair> => node.type === 'PAIR');
  return assignmentsOf(
    text,
    pairs.map(({ key, value, range }) => {
      // A value ends before white space that stands at the end of its line only by accident.
      const [start, , from, to] = range;
      const end = Math.max(from, Math.min(to, text.length));
      return {
        name: key,
        scope: [],
        text: value,
        value: { start: from, end },
        entry: wholeLines(text, { start, end }),
      };
    }),
  );
}

export const properties: Format = { name: 'Java properties', kind: 'data', read: readProperties };
