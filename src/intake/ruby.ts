import type { Assignment, Format } from './assignment.ts';
import { assignmentsIn } from './javascript.ts';
import { rubyTokens } from './ruby-tokens.ts';

/**
 * Strings that Ruby source gives a name: variables, constants, settings of a block's object, entries of hashes, arguments
 * of calls, defaults of environment variables. The text is only looked at, never run.
 */
function readRuby(text: string): Assignment[] {
  return assignmentsIn(text, rubyTokens(text), true);
}

export const ruby: Format = { name: 'Ruby', kind: 'read-only', read: readRuby };
