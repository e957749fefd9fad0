import { Secret } from '../profile/secret.ts';
import type { Assignment } from './assignment.ts';

/** `NAME = "text"` on a line of its own, with an annotation, a prefix or a comment; nothing is ever executed. */
const ASSIGNMENT =
  /^[ \t]*([A-Za-z_]\w*)[ \t]*(?::[ \t]*[\w.]+[ \t]*)?=[ \t]*[rRuU]?("""|'''|"|')(.*?)\2[ \t]*;?[ \t]*(?:#.*)?$/;

/** Plain string assignments of a Python file such as the tutorial's twitter_credentials.py; the last of a name wins. */
export function readPython(text: string): Assignment[] {
  const found = new Map<string, string>();
  for (const line of text.split(/\r\n|\r|\n/)) {
    const [, name, , value] = ASSIGNMENT.exec(line) ?? [];
    if (name !== undefined && value !== undefined) found.set(name, value);
  }
  return [...found].map(([name, value]) => ({
    name,
    scope: [],
    secret: new Secret(value),
    line: 1,
    value: { start: 0, end: 0 },
  }));
}
