import { usage } from '../failure.ts';
import type { FieldName } from './fields.ts';
import type { Secret } from './secret.ts';
import { accountIdOf } from './shape.ts';

/** A stored value and when it was set (ISO 8601, UTC, seconds). */
export interface Entry {
  readonly secret: Secret;
  readonly set: string;
}

/** The X account that a profile belongs to: numeric user id, and the @name where it is known. */
export interface Account {
  readonly id: string;
  readonly name?: string;
}

/** What an OAuth 2.0 login granted: when its access token ends (ISO 8601, UTC, seconds), and what it allows. */
export interface Grant {
  readonly expires: string;
  readonly scopes: readonly string[];
}

/**
 * One X account's credentials under a name. A value: functions below return changed copies.
 * `generation` grows with every write, so that an older copy can be told from a newer one.
 */
export interface Profile {
  readonly name: string;
  readonly generation: number;
  readonly created: string;
  readonly updated: string;
  readonly inherit?: string;
  readonly account?: Account;
  /** Of the OAuth 2.0 access token; absent where it did not come from a login. */
  readonly grant?: Grant;
  readonly fields: ReadonlyMap<FieldName, Entry>;
  readonly extras: ReadonlyMap<string, Entry>;
  /** Values that a rotation will put in place once they are proven. Nothing uses them before. */
  readonly staged?: ReadonlyMap<FieldName, Entry>;
  /** Further age recipients that the record is sealed to, sorted; absent where there is none. */
  readonly recipients?: readonly string[];
}

/** Recipients that come and go. */
export interface RecipientChange {
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
}

/** What a command wants to change in a profile; undefined takes a value away. */
export interface Change {
  readonly fields?: ReadonlyMap<FieldName, Secret | undefined>;
  readonly extras?: ReadonlyMap<string, Secret | undefined>;
  /** A parent's name, or null to end the inheritance. */
  readonly inherit?: string | null;
  /** What is known of the account; it counts where the access token agrees. */
  readonly account?: Account;
  /** Goes with a new OAuth 2.0 access token. */
  readonly grant?: Grant;
  /** The values that wait for proof, all of them; null where none does any more. */
  readonly staged?: ReadonlyMap<FieldName, Secret> | null;
  /** A difference, since another may change them too. */
  readonly recipients?: RecipientChange;
}

/** A time in milliseconds since 1970 as profiles record it: ISO 8601, UTC, whole seconds. */
export const timestampAt = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');

const now = (): string => timestampAt(Date.now());

/** A profile without any values, not yet written (generation 0). */
export function emptyProfile(name: string, at: string = now()): Profile {
  return { name, generation: 0, created: at, updated: at, fields: new Map(), extras: new Map() };
}

/** The profile with a change applied, one generation on. Values that stay the same keep their date. */
export function changed(profile: Profile, change: Change, at: string = now()): Profile {
  const fields = merged(profile.fields, change.fields, at);
  const {
    inherit: parent,
    account: before,
    grant: granted,
    staged: waiting,
    recipients: readers,
    ...rest
  } = profile;
  const inherit = change.inherit === undefined ? parent : (change.inherit ?? undefined);
  const account = accountAfter(change.account ?? before, fields);
  const grant = change.grant ?? (hasSameLogin(profile.fields, fields) ? granted : undefined);
  const staged = change.staged === undefined ? waiting : merged(new Map(), change.staged ?? undefined, at);
  const recipients = recipientsAfter(readers, change.recipients);
  return {
    ...rest,
    generation: nextGeneration(profile.generation),
    updated: at,
    fields,
    extras: merged(profile.extras, change.extras, at),
    ...(inherit === undefined ? {} : { inherit }),
    ...(account === undefined ? {} : { account }),
    ...(grant === undefined ? {} : { grant }),
    ...(staged === undefined || staged.size === 0 ? {} : { staged }),
    ...(recipients.length === 0 ? {} : { recipients }),
  };
}

/** The same content under another name. */
export function renamed(profile: Profile, name: string): Profile {
  return renewed({ ...profile, name });
}

/** The same content, newer than every copy that was made so far. @param last the generation of another copy */
export function renewed(profile: Profile, last = 0): Profile {
  return { ...profile, generation: nextGeneration(Math.max(profile.generation, last)) };
}

/** The same content, sealed to these recipients and the owner. */
export function withRecipients(profile: Profile, recipients: readonly string[] = []): Profile {
  const { recipients: _, ...rest } = profile;
  return recipients.length === 0 ? rest : { ...rest, recipients };
}

/** An age header of ours has room for 32, the owner among them. */
export const MOST_RECIPIENTS = 16;

/** The recipients with a change applied, sorted and each once. @throws Failure exit 2 where they become too many */
export function recipientsAfter(
  before: readonly string[] = [],
  { add = [], remove = [] }: RecipientChange = {},
): string[] {
  const after = [...new Set([...before, ...add])].filter((recipient) => !remove.includes(recipient));
  if (after.length > MOST_RECIPIENTS)
    throw usage(`a profile is sealed to at most ${MOST_RECIPIENTS} recipients besides its owner`);
  return after.sort();
}

/** Milliseconds, so that a profile made anew under an old name is newer than every copy of the old one. */
function nextGeneration(last: number): number {
  return Math.max(last + 1, Date.now());
}

function merged<Name>(
  entries: ReadonlyMap<Name, Entry>,
  values: ReadonlyMap<Name, Secret | undefined> | undefined,
  at: string,
): Map<Name, Entry> {
  const result = new Map(entries);
  for (const [name, secret] of values ?? []) {
    if (secret === undefined) result.delete(name);
    else if (!result.get(name)?.secret.equals(secret)) result.set(name, { secret, set: at });
  }
  return result;
}

function hasSameLogin(before: ReadonlyMap<FieldName, Entry>, after: ReadonlyMap<FieldName, Entry>): boolean {
  const [old, present] = [before, after].map((fields) => fields.get('oauth2_access_token')?.secret);
  return old !== undefined && present !== undefined && old.equals(present);
}

/** An access token names its account; another id than before makes what was known of the account void. */
function accountAfter(
  before: Account | undefined,
  fields: ReadonlyMap<FieldName, Entry>,
): Account | undefined {
  const token = fields.get('access_token')?.secret;
  const id = token && accountIdOf(token);
  return id === undefined || id === before?.id ? before : { id };
}
