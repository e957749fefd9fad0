import { failed } from '../failure.ts';
import type { Edit } from './edit.ts';
import { type Move, nameOf } from './moves.ts';

/**
 * The edits that make a shell text go on with what it was started with: `NAME="$NAME"`, which every shell reads alike.
 * @throws Failure exit 1 where a variable is set elsewhere too, and would hold that
 */
export function shellEdits(path: string, text: string, moves: readonly Move[]): Edit[] {
  const code = text.replace(/(^|\s)#[^\r\n]*/g, '$1');
  return moves.map((move) => {
    const { name, line, value } = move.assignment;
    if (settings(code, name) > 1) {
      throw failed(
        `${path} was left as it is: line ${line}: ${nameOf(move.assignment)} is set in more than one place`,
        ['leave one of them, then import again'],
      );
    }
    return { ...value, text: `"$${name}"`, moves: [move] };
  });
}

/** How many times a text sets a variable or takes it away, as far as words tell. */
function settings(code: string, name: string): number {
  const assigned = new RegExp(`(?<![\\w$])${name}\\+?=`, 'g');
  const named = new RegExp(
    `\\b(?:set|setenv|unset|read|for|getopts)\\b[^\\r\\n;&|]*\\s${name}(?!\\w|=)`,
    'g',
  );
  return (code.match(assigned)?.length ?? 0) + (code.match(named)?.length ?? 0);
}
