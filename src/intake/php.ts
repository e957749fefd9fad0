import type { Assignment, Format } from './assignment.ts';
import { assignmentsIn } from './javascript.ts';
import { phpTokens } from './php-tokens.ts';

/**
 * Strings that PHP source gives a name: variables, properties, constants, entries of arrays, arguments of calls, defaults
 * of environment variables. The text is only looked at, never run.
 */
function readPhp(text: string): Assignment[] {
  return assignmentsIn(text, phpTokens(text), true);
}

export const php: Format = { name: 'PHP', kind: 'read-only', read: readPhp };
