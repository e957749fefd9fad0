import { type FieldName, isFieldName } from './fields.ts';
import { FormatError, type Json, object, only, positive, string, timestamp } from './json.ts';
import { isExtraName, isProfileName } from './names.ts';
import { type Account, type Entry, type Grant, MOST_RECIPIENTS, type Profile } from './profile.ts';
import { Secret } from './secret.ts';

/** A profile with its values in plain, ready to be sealed. */
export function profileToJson(profile: Profile): Json {
  return {
    profile: profile.name,
    generation: profile.generation,
    created: profile.created,
    updated: profile.updated,
    ...(profile.inherit === undefined ? {} : { inherit: profile.inherit }),
    ...(profile.account === undefined ? {} : { account: { ...profile.account } }),
    ...(profile.grant === undefined ? {} : { grant: { ...profile.grant } }),
    fields: entriesToJson(profile.fields),
    extras: entriesToJson(profile.extras),
    ...(profile.staged === undefined ? {} : { staged: entriesToJson(profile.staged) }),
    ...(profile.recipients === undefined ? {} : { recipients: profile.recipients }),
  };
}

function entriesToJson(entries: ReadonlyMap<string, Entry>): Json {
  return Object.fromEntries(
    [...entries].map(([name, { secret, set }]) => [name, { value: secret.reveal(), set }]),
  );
}

/**
 * The profile in a parsed document, every key and type checked.
 * @throws FormatError naming the offending key
 */
export function profileFromJson(value: Json): Profile {
  const members = object(value, 'the record');
  const inherit = members.get('inherit');
  const account = members.get('account');
  const grant = members.get('grant');
  const staged = members.get('staged');
  const recipients = members.get('recipients');
  only(
    members,
    'the record',
    'profile generation created updated inherit account grant fields extras staged recipients',
  );
  return {
    name: profileNameFrom(members.get('profile'), 'profile'),
    generation: positive(members.get('generation'), 'generation'),
    created: timestamp(members.get('created'), 'created'),
    updated: timestamp(members.get('updated'), 'updated'),
    ...(inherit === undefined ? {} : { inherit: profileNameFrom(inherit, 'inherit') }),
    ...(account === undefined ? {} : { account: accountFrom(account) }),
    ...(grant === undefined ? {} : { grant: grantFrom(grant) }),
    fields: entriesFrom(members.get('fields'), 'fields', isFieldName),
    extras: entriesFrom(members.get('extras'), 'extras', (key): key is string => isExtraName(key)),
    ...(staged === undefined ? {} : { staged: entriesFrom(staged, 'staged', isFieldName) }),
    ...(recipients === undefined ? {} : { recipients: recipientsFrom(recipients, 'recipients') }),
  };
}

/** @throws FormatError */
export function accountFrom(value: Json): Account {
  const members = object(value, 'account');
  only(members, 'account', 'id name');
  const id = string(members.get('id'), 'account.id');
  if (!/^\d{1,20}$/.test(id)) throw new FormatError('account.id is not a number');
  if (!members.has('name')) return { id };
  const handle = string(members.get('name'), 'account.name');
  if (!/^\w{1,30}$/.test(handle)) throw new FormatError('account.name is not a user name');
  return { id, name: handle };
}

/** @throws FormatError */
export function grantFrom(value: Json): Grant {
  const members = object(value, 'grant');
  only(members, 'grant', 'expires scopes');
  const scopes = members.get('scopes');
  if (!Array.isArray(scopes)) throw new FormatError('grant.scopes is not a list');
  const words = scopes.map((scope: Json) => string(scope, 'grant.scopes'));
  if (!words.every((scope) => /^[a-z.]{1,40}$/.test(scope)))
    throw new FormatError('grant.scopes has an odd word');
  return { expires: timestamp(members.get('expires'), 'grant.expires'), scopes: words };
}

/** An age recipient by its form; whether its checksum holds shows when something is sealed to it. */
const RECIPIENT = /^age1[02-9ac-hj-np-z]{58}$/;

/**
 * A list of age recipients as it stands in records: sorted, each once, never empty.
 * @throws FormatError
 */
export function recipientsFrom(value: Json, where: string): string[] {
  if (!Array.isArray(value)) throw new FormatError(`${where} is not a list`);
  const texts = value.map((text: Json) => string(text, where));
  if (texts.length === 0 || texts.length > MOST_RECIPIENTS)
    throw new FormatError(`${where} has none or too many`);
  if (!texts.every((text) => RECIPIENT.test(text))) throw new FormatError(`${where} has an odd recipient`);
  if (texts.some((text, at) => at > 0 && text <= (texts[at - 1] as string)))
    throw new FormatError(`${where} is not sorted`);
  return texts;
}

function entriesFrom<Name extends FieldName | string>(
  value: Json | undefined,
  where: string,
  isName: (key: string) => key is Name,
): Map<Name, Entry> {
  const entries = new Map<Name, Entry>();
  for (const [key, entry] of object(value, where)) {
    if (!isName(key)) throw new FormatError(`${where} has an unknown name`);
    const members = object(entry, `${where}.${key}`);
    only(members, `${where}.${key}`, 'value set');
    const secret = new Secret(string(members.get('value'), `${where}.${key}.value`));
    entries.set(key, { secret, set: timestamp(members.get('set'), `${where}.${key}.set`) });
  }
  return entries;
}

/** @throws FormatError */
export function profileNameFrom(value: Json | undefined, where: string): string {
  const text = string(value, where);
  if (!isProfileName(text)) throw new FormatError(`${where} is not a profile's name`);
  return text;
}
