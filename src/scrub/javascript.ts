import { extname } from 'node:path';
import { failed } from '../failure.ts';
import type { Edit } from './edit.ts';
import { type Move, nameOf } from './moves.ts';
import { spaced } from './spacing.ts';

/**
 * The edits that make JavaScript or TypeScript text read its values from the environment.
 * @throws Failure exit 1 where a value stands where no expression may
 */
export function javascriptEdits(path: string, text: string, names: ReadonlyMap<Move, string>): Edit[] {
  const isTyped = /^\.[cm]?tsx?$/i.test(extname(path));
  const process = PROCESS_REBOUND.test(text) ? 'globalThis.process' : 'process';
  return [...names].map(([move, name]) => {
    const { value } = move.assignment;
    if (isTyped) checkTypes(path, text, move);
    // In TypeScript a variable may be undefined where a literal is a string.
    const expression = `${process}.env.${name}${isTyped ? '!' : ''}`;
    const isAttribute = JSX_ATTRIBUTE.test(text.slice(Math.max(0, value.start - 2000), value.start));
    return spaced(text, value, isAttribute ? `{${expression}}` : expression, [move]);
  });
}

const PROCESS_REBOUND =
  /\b(?:const|let|var|function|class|as)\s+process\b|\b(?:const|let|var)\s*\{[^}]*\bprocess\b|\(\s*process\b[^.)]*\)\s*(?:=>|\{)/;

/** `<Client key=` with whatever attributes stand between. */
const JSX_ATTRIBUTE = /<[A-Za-z][\w.]*(?:\s+[\w-]+(?:=(?:"[^"]*"|'[^']*'|\{[^{}]*\}))?)*\s+[\w-]+=$/;

function checkTypes(path: string, text: string, { assignment }: Move): void {
  const { value, line } = assignment;
  const isConst = /^\s*as\s+const\b/.test(text.slice(value.end, value.end + 200));
  const isMember = /\benum\s+[\w$]+\s*\{[^}]*$/.test(text.slice(0, value.start));
  if (!isConst && !isMember) return;
  throw failed(
    `${path} was left as it is: line ${line}: ${nameOf(assignment)} has to be a literal (${isConst ? 'as const' : 'a member of an enum'})`,
    ['make it an ordinary constant first'],
  );
}
