import type { FieldName } from '../profile/fields.ts';
import { Secret } from '../profile/secret.ts';
import { isPlausible } from '../profile/shape.ts';
import { unmistakableField } from './candidates-values.ts';

/** What a value without a name may be: a field that its shape tells, or a kind that only its neighbours tell. */
export type Kind = FieldName | 'key' | 'secret' | 'hyphenated';

const SHORTEST = 18;
const LONGEST = 400;

/** The kind of a value by its shape alone; undefined for words, hashes, UUIDs and whatever else X does not issue. */
export function kindOf(text: string): Kind | undefined {
  if (text.length < SHORTEST || text.length > LONGEST) return undefined;
  const known = unmistakableField(new Secret(text));
  if (known) return known;
  if (isPlausible('access_token', text)) return 'access_token';
  if (isPlausible('api_key', text)) return 'key';
  if (isPlausible('api_secret', text)) return 'secret';
  return isPlausible('client_secret', text) ? 'hyphenated' : undefined;
}

/** A value of a group: its kind, and its length where the kind leaves it open. */
export interface Shaped {
  readonly kind: Kind;
  readonly length: number;
}

/**
 * The field of each value of a group that belongs to one account, in the group's order: today's lengths tell most;
 * an older secret is the partner of what stands right before it. Undefined where two fields are possible, or where a
 * value that other services have too stands without its partner.
 */
export function fieldsOf(group: readonly Shaped[]): (FieldName | undefined)[] {
  const kinds = new Set(group.map(({ kind }) => kind));
  const fields = group.map((value, index) => fieldIn(value, group[index - 1], kinds));
  const found = new Set(fields);
  const taken = new Set<FieldName>();
  return fields.map((field, index) => {
    if (field === undefined || taken.has(field)) return undefined;
    const shaped = group[index] as Shaped;
    if (!hasPartner(shaped, field, found, fields[index + 1])) return undefined;
    taken.add(field);
    return field;
  });
}

function fieldIn(
  { kind, length }: Shaped,
  before: Shaped | undefined,
  kinds: ReadonlySet<Kind>,
): FieldName | undefined {
  if (kind === 'key') return 'api_key';
  if (kind === 'hyphenated') return 'client_secret';
  if (kind !== 'secret') return kind;
  if (length === 50) return longSecret(before, kinds);
  if (length === 45) return 'access_token_secret';
  if (length > 45) return undefined;
  if (isKey(before?.kind)) return 'api_secret';
  return before?.kind === 'access_token' ? 'access_token_secret' : undefined;
}

/** 50 letters and digits: the secret of an API key, or of a client that happens to have no hyphen in it. */
function longSecret(before: Shaped | undefined, kinds: ReadonlySet<Kind>): FieldName | undefined {
  if (before?.kind === 'client_id') return 'client_secret';
  if (isKey(before?.kind) || !kinds.has('client_id')) return 'api_secret';
  if (kinds.has('hyphenated') || kinds.has('client_secret')) return 'api_secret';
  return kinds.has('key') || kinds.has('api_key') ? undefined : 'client_secret';
}

const isKey = (kind: Kind | undefined): boolean => kind === 'key' || kind === 'api_key';

function hasPartner(
  { kind, length }: Shaped,
  field: FieldName,
  found: ReadonlySet<FieldName | undefined>,
  next: FieldName | undefined,
): boolean {
  if (kind === field) return true;
  if (field === 'api_key') return length === 25 ? found.has('api_secret') : next === 'api_secret';
  if (field === 'api_secret') return found.has('api_key');
  return found.has(field === 'client_secret' ? 'client_id' : 'access_token');
}
