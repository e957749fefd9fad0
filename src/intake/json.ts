import { usage } from '../failure.ts';
import { Secret } from '../profile/secret.ts';
import type { Assignment } from './assignment.ts';

/**
 * The texts of a JSON object, at its top or one level below (`{"twitter": {"api_key": ...}}`).
 * @throws Failure exit 2
 */
export function readJson(text: string): Assignment[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes its input.
    throw usage('the input begins like JSON but is not');
  }
  if (!isObject(value)) throw usage('the JSON input is not an object of names and values');
  return Object.entries(value).flatMap(([name, member]) =>
    isObject(member) ? textsOf(Object.entries(member)) : textsOf([[name, member]]),
  );
}

function textsOf(members: readonly (readonly [string, unknown])[]): Assignment[] {
  return members.flatMap(([name, value]) =>
    typeof value === 'string'
      ? [{ name, scope: [], secret: new Secret(value), line: 1, value: { start: 0, end: 0 } }]
      : [],
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
