/** Plain JSON data without floating point numbers. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Data that is not what docs/format.md describes. The message names the place, never a value. */
export class FormatError extends Error {}

/** Far more than any document of ours has; a hostile one must not overflow the stack. */
const DEEPEST = 32;

/**
 * Canonical JSON: keys sorted by code unit, no white space, integers only. One document has one spelling, so a
 * signature over it is unambiguous.
 */
export function canonical(value: Json, depth = 0): string {
  if (depth > DEEPEST) throw new FormatError('nested too deeply');
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const object = value as { readonly [key: string]: Json };
    const members = Object.keys(object)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonical(object[key] as Json, depth + 1)}`);
    return `{${members.join(',')}}`;
  }
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new FormatError('a number is no integer');
  return JSON.stringify(value);
}

/**
 * Parses canonical JSON and refuses every other spelling, duplicate keys among them.
 * @throws FormatError
 */
export function parseCanonical(text: string): Json {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    // The parser's own message quotes the text, which may hold a secret.
    throw new FormatError('not JSON');
  }
  if (canonical(value) !== text) throw new FormatError('not canonical JSON');
  return value;
}

export type Members = ReadonlyMap<string, Json>;

/** A JSON object's members as a Map, so that no key can reach a prototype. */
export function object(value: Json | undefined, where: string): Members {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new FormatError(`${where} is not an object`);
  }
  return new Map(Object.entries(value));
}

export function string(value: Json | undefined, where: string): string {
  if (typeof value !== 'string') throw new FormatError(`${where} is not a string`);
  return value;
}

/** Refuses members outside a list of known keys (given as words). */
export function only(members: Members, where: string, known: string): void {
  const names = known.split(' ');
  if ([...members.keys()].some((key) => !names.includes(key)))
    throw new FormatError(`${where} has an unknown key`);
}

export function positive(value: Json | undefined, where: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
    throw new FormatError(`${where} is not a positive whole number`);
  }
  return value;
}

/** A time as profiles record it: ISO 8601, UTC, whole seconds. */
export function timestamp(value: Json | undefined, where: string): string {
  const text = string(value, where);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text)) throw new FormatError(`${where} is not a time`);
  return text;
}
