import { type FieldName, fieldOf } from '../profile/fields.ts';
import { changed, type Entry, type Profile } from '../profile/profile.ts';
import { Secret } from '../profile/secret.ts';

/** Where two profiles of one name differ: names of fields, extras and other members, never a value. */
export interface Difference {
  /** Both have it, each its own. */
  readonly changed: readonly string[];
  readonly onlyInBackup: readonly string[];
  readonly onlyInVault: readonly string[];
}

/** How a profile in the vault differs from the one in a backup; null where all that it holds is the same, dates aside. */
export function differenceBetween(mine: Profile, theirs: Profile): Difference | null {
  const [own, other] = [partsOf(mine), partsOf(theirs)];
  const difference = {
    changed: [...own].filter(([name, part]) => isOther(part, other.get(name))).map(([name]) => name),
    onlyInBackup: [...other.keys()].filter((name) => !own.has(name)),
    onlyInVault: [...own.keys()].filter((name) => !other.has(name)),
  };
  return Object.values(difference).some((names) => names.length > 0) ? difference : null;
}

type Part = Secret | string;

/** What a profile holds, by name. Fields are in lower case, extras in upper case, so no name has two meanings. */
function partsOf({ inherit, account, grant, fields, extras, staged }: Profile): Map<string, Part> {
  const parts = new Map<string, Part>();
  if (inherit !== undefined) parts.set('inherit', inherit);
  if (account) parts.set('account', `${account.id} ${account.name ?? ''}`);
  for (const [name, { secret }] of [...fields, ...extras]) parts.set(name, secret);
  if (grant) parts.set('grant', `${grant.expires} ${grant.scopes.join(' ')}`);
  for (const [name, { secret }] of staged ?? []) parts.set(`staged ${name}`, secret);
  return parts;
}

function isOther(mine: Part, theirs: Part | undefined): boolean {
  if (theirs === undefined) return false;
  return mine instanceof Secret && theirs instanceof Secret ? !mine.equals(theirs) : mine !== theirs;
}

/**
 * The profile in the vault with what it lacks from the one in the backup. What both have stays. A pair comes from one
 * side: half of it is only added where the other half is the same on both. So do the tokens of one account.
 */
export function merged(mine: Profile, theirs: Profile): Profile {
  const fields = new Map([...theirs.fields].filter(([name]) => mayTake(name, mine, theirs)));
  const extras = new Map([...theirs.extras].filter(([name]) => !mine.extras.has(name)));
  const inherit = mine.inherit ?? theirs.inherit;
  const account = mine.account ?? (fields.has('access_token') ? theirs.account : undefined);
  const grant = fields.has('oauth2_access_token') ? theirs.grant : mine.grant;
  const result = changed(mine, {
    fields: secretsOf(fields),
    extras: secretsOf(extras),
    ...(inherit === undefined ? {} : { inherit }),
    ...(account === undefined ? {} : { account }),
    ...(grant === undefined ? {} : { grant }),
  });
  // A value is as old as it was when it was backed up.
  return {
    ...result,
    fields: new Map([...result.fields, ...fields]),
    extras: new Map([...result.extras, ...extras]),
  };
}

/** The tokens of one login, which go together like the halves of a pair. */
const SAME_LOGIN: Partial<Record<FieldName, FieldName>> = {
  oauth2_access_token: 'oauth2_refresh_token',
  oauth2_refresh_token: 'oauth2_access_token',
};

function mayTake(name: FieldName, mine: Profile, theirs: Profile): boolean {
  if (mine.fields.has(name)) return false;
  const { partner = SAME_LOGIN[name], scope } = fieldOf(name);
  if (scope === 'user' && mine.account && theirs.account && mine.account.id !== theirs.account.id)
    return false;
  const own = partner && mine.fields.get(partner)?.secret;
  const other = partner && theirs.fields.get(partner)?.secret;
  return !own || (other !== undefined && own.equals(other));
}

const secretsOf = <Name>(entries: ReadonlyMap<Name, Entry>): Map<Name, Secret> =>
  new Map([...entries].map(([name, { secret }]) => [name, secret]));
