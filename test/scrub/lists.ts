import { parseTree } from 'jsonc-parser';
import type { Assignment, Format } from '../../src/intake/assignment.ts';
import { Secret } from '../../src/profile/secret.ts';

/** JSON objects, one level deep: small, but with the trap of commas. */
export const smallJson: Format = {
  name: 'JSON',
  kind: 'data',
  read(text) {
    JSON.parse(text);
    const members = parseTree(text)?.children ?? [];
    return members.flatMap((member, at): Assignment[] => {
      const [key, value] = member.children ?? [];
      if (!key || typeof value?.value !== 'string') return [];
      const next = members[at + 1];
      const previous = members[at - 1];
      const end = member.offset + member.length;
      return [
        {
          name: key.value as string,
          scope: [],
          secret: new Secret(value.value),
          line: text.slice(0, value.offset).split('\n').length,
          value: { start: value.offset, end: value.offset + value.length },
          // With the comma behind it, or as the last one with the comma before it.
          entry: {
            start: !next && previous ? previous.offset + previous.length : member.offset,
            end: next?.offset ?? end,
          },
        },
      ];
    });
  },
};
