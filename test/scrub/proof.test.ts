import { expect, test } from 'vitest';
import { python } from '../../src/intake/python.ts';
import { changed, emptyProfile } from '../../src/profile/profile.ts';
import { Secret } from '../../src/profile/secret.ts';
import type { Edit } from '../../src/scrub/edit.ts';
import type { Move } from '../../src/scrub/moves.ts';
import { proven } from '../../src/scrub/proof.ts';
import { alphanumeric } from '../support/credentials.ts';

const key = alphanumeric(25);
const TEXT = `a = "one"\nkey = "${key}"\nb = "two"\n`;

/** What is proven of edits of Python text that move `key` to the variable KEY. */
function proof(text: string, ...others: readonly Edit[]): Promise<Buffer> {
  const assignments = python.read(text);
  const moves: Move[] = assignments
    .filter(({ name }) => name === 'key')
    .map((assignment) => ({ assignment, profile: 'personal', field: 'api_key' }));
  const bytes = Buffer.from(text);
  const source = { path: 'keys.py', bytes, text, encoding: 'utf8', mark: 0, stat: {} } as const;
  const subject = { source: source as never, format: python, assignments, moves };
  const edits = moves.map((move) => ({ ...move.assignment.value, text: 'os.environ["KEY"]', moves: [move] }));
  const profile = changed(emptyProfile('personal'), { fields: new Map([['api_key', new Secret(key)]]) });
  return proven(subject, [...edits, ...others], { KEY: key }, async () => [profile]);
}

/** An edit that carries nothing out, as an import is. */
function stray(found: string, text: string): Edit {
  const start = TEXT.indexOf(found);
  return { start, end: start + found.length, text, moves: [] };
}

test('a value that moved is proven', async () => {
  expect((await proof(TEXT)).toString()).toBe('a = "one"\nkey = os.environ["KEY"]\nb = "two"\n');
});

test('an entry that would not say the same is named', async () => {
  await expect(proof(TEXT, stray('b = "two"', 'b = "2"'))).rejects.toThrow(
    'keys.py was left as it is: read again, line 3: b would not say the same',
  );
});
