import { FIELDS, type FieldName, fieldOf } from './fields.ts';
import { isClientId } from './oauth2-value.ts';
import type { Secret } from './secret.ts';

const MIXED = [/[a-z]/, /[A-Z]/, /[0-9]/];
const isMixed = (text: string): boolean => MIXED.every((kind) => kind.test(text));

/**
 * Whether a text that should hold a name or a number is shaped like a credential instead. Names are lower or upper
 * case throughout, credentials mix both with digits; an access token shows by its numeric prefix.
 */
export function looksLikeCredential(text: string): boolean {
  if (fieldOf('access_token').shape.test(text) && /[A-Za-z]/.test(text)) return true;
  return isMixed(text) && FIELDS.some((field) => field.shape.test(text));
}

/** Of age, which opens a vault. */
const IDENTITY = /AGE-SECRET-KEY-1/i;

/**
 * Whether a text has something in it that is as long and as mixed as credentials are. Names that people choose are
 * parted by underscores, hyphens and dots before they come to that.
 */
export function holdsCredential(text: string): boolean {
  if (looksLikeCredential(text) || IDENTITY.test(text)) return true;
  return (text.match(/[A-Za-z0-9]{18,}/g) ?? []).some(isMixed);
}

/** What stands in a message for what may be a credential, given in the wrong place. */
export const NOT_SHOWN = '(looks like a credential, not shown)';

/** A path as a message shows it where there is no such file. */
export const shownPath = (path: string): string => (holdsCredential(path) ? NOT_SHOWN : path);

/** True where a value has both the shape and the mixture of characters of a real key for the field. */
export function isPlausible(field: FieldName, value: string): boolean {
  return fieldOf(field).shape.test(value) && isMixed(value);
}

const SHORTEST_RANDOM = 18;
const FEWEST_CHARACTERS = 10;

/** Whether a value looks random and long enough that nobody can guess it: letters and digits, no words. */
export function isUnguessable(value: string): boolean {
  if (value.length < SHORTEST_RANDOM || /\s/.test(value)) return false;
  return /[A-Za-z]/.test(value) && /[0-9]/.test(value) && new Set(value).size >= FEWEST_CHARACTERS;
}

/** Characters of base64, with what escapes and quotes it. */
const STRETCH = /^[A-Za-z0-9_+/=%\\"',-]*$/;

/**
 * What of a value nobody can guess: the value, or where it has white space, as a key in PEM has, its longest stretch
 * without. Sentences may hold public addresses, so a stretch has to look like base64 too. Undefined where there is none.
 */
export function unguessablePart(value: string): string | undefined {
  if (!/\s/.test(value)) return isUnguessable(value) ? value : undefined;
  // Of lines of one length the last: the first of a key says of what kind it is.
  const longest = value.split(/\s+/).reduce((best, part) => (part.length >= best.length ? part : best), '');
  return isUnguessable(longest) && isMixed(longest) && STRETCH.test(longest) ? longest : undefined;
}

/** The numeric user id that an OAuth 1.0a access token begins with, or undefined. */
export function accountIdOf(accessToken: Secret): string | undefined {
  return /^(\d{1,20})-/.exec(accessToken.reveal())?.[1];
}

/**
 * Warnings about values that do not look like what X issues. They never hold a value and never stop anything:
 * X has changed its shapes before.
 */
export function shapeWarnings(values: ReadonlyMap<FieldName, Secret>): string[] {
  const warnings: string[] = [];
  const explained = new Set<FieldName>();
  for (const { name, partner } of FIELDS) {
    if (partner === undefined || explained.has(name)) continue;
    if (isSwapped(name, partner, values)) {
      warnings.push(`${name} and ${partner} look swapped`);
      explained.add(name).add(partner);
    }
  }
  for (const [name, secret] of values) {
    if (!explained.has(name)) warnings.push(...oddShape(name, secret.reveal()));
  }
  return [...warnings, ...repeated(values)];
}

export function isSwapped(
  name: FieldName,
  partner: FieldName,
  values: ReadonlyMap<FieldName, Secret>,
): boolean {
  const [mine, theirs] = [values.get(name)?.reveal(), values.get(partner)?.reveal()];
  if (mine === undefined || theirs === undefined) return false;
  const [own, other] = [fieldOf(name).shape, fieldOf(partner).shape];
  return !own.test(mine) && !other.test(theirs) && own.test(theirs) && other.test(mine);
}

function oddShape(name: FieldName, value: string): string[] {
  const { shape, shapeText } = fieldOf(name);
  if (name !== 'client_id' && isClientId(value))
    return [`${name} holds an OAuth 2.0 client id, not a ${name}`];
  if (shape.test(value)) return [];
  return [`${name} has an unusual shape (${value.length} characters; expected ${shapeText})`];
}

function repeated(values: ReadonlyMap<FieldName, Secret>): string[] {
  const seen = new Map<string, FieldName>();
  const warnings: string[] = [];
  for (const [name, secret] of values) {
    const first = seen.get(secret.reveal());
    if (first) warnings.push(`${first} and ${name} hold the same value`);
    else seen.set(secret.reveal(), name);
  }
  return warnings;
}
