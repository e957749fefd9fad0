import { extname } from 'node:path';
import { failed } from '../failure.ts';
import type { Span } from '../intake/assignment.ts';
import { javascriptTokens } from '../intake/javascript-tokens.ts';
import { Tokens } from '../intake/tokens.ts';
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
  const enums = enumsIn(text);
  return [...names].map(([move, name]) => {
    const { value } = move.assignment;
    checkLiteral(path, text, enums, move);
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

/** @throws Failure exit 1 where the compiler puts the literal in, or takes it for a type: no expression may replace it */
function checkLiteral(path: string, text: string, enums: readonly Span[], { assignment }: Move): void {
  const { value, line } = assignment;
  const what = literalWantedBy(text, enums, value);
  if (what === undefined) return;
  throw failed(
    `${path} was left as it is: line ${line}: ${nameOf(assignment)} has to be a literal (${what})`,
    ['make it an ordinary constant first'],
  );
}

function literalWantedBy(text: string, enums: readonly Span[], { start, end }: Span): string | undefined {
  if (/^\s*as\s+const\b/.test(text.slice(end, end + 200))) return 'as const';
  if (/\btype\s+[\w$]+\s*=\s*$/.test(text.slice(Math.max(0, start - 200), start))) return 'a type';
  const isMember = enums.some((body) => body.start < start && end < body.end);
  return isMember ? 'a member of an enum' : undefined;
}

/** What stands between the braces of enums. */
function enumsIn(text: string): Span[] {
  const tokens = new Tokens(javascriptTokens(text));
  return tokens.list.flatMap((token, at) => {
    const isBody = tokens.is(at, '{') && tokens.isName(at - 1) && tokens.is(at - 2, 'enum');
    return isBody ? [{ start: token.start, end: tokens.at(tokens.partner(at)).end }] : [];
  });
}
