import { fieldOrigins } from '../profile/inherit.ts';
import type { Account } from '../profile/profile.ts';
import type { IndexEntry } from '../vault/profile-index.ts';
import type { Vault } from '../vault/vault.ts';

/** What `list` and `show` say of a profile: names and dates from the index, never a value. */
export interface ProfileReport {
  readonly name: string;
  readonly isDefault: boolean;
  readonly store: string;
  readonly account: Account | null;
  readonly inherit: string | null;
  /** When the values of a rotation were entered that is not at its end. */
  readonly rotation: string | null;
  /** Further age recipients that the profile is sealed to. */
  readonly recipients: readonly string[];
  /** The fields that the profile has, own or inherited: when each was set, and where it comes from. */
  readonly fields: Readonly<Record<string, { readonly set: string; readonly from: string }>>;
  readonly extras: Readonly<Record<string, { readonly set: string }>>;
  readonly created: string | null;
  readonly updated: string | null;
}

/** The report of a profile; all but its name is empty where the index does not know it. */
export function reportOf(vault: Vault, name: string): ProfileReport {
  const chain = vault.entryChain(name);
  const [entry] = chain;
  return {
    name,
    isDefault: vault.config.default === name,
    store: vault.config.store,
    account: entry?.account ?? null,
    inherit: entry?.inherit ?? null,
    rotation: entry?.rotation ?? null,
    recipients: entry?.recipients ?? [],
    fields: fieldsOf(chain),
    extras: Object.fromEntries([...(entry?.extras ?? [])].map(([extra, set]) => [extra, { set }])),
    created: entry?.created ?? null,
    updated: entry?.updated ?? null,
  };
}

function fieldsOf(chain: readonly IndexEntry[]): ProfileReport['fields'] {
  return Object.fromEntries(
    [...fieldOrigins(chain)].map(([field, holder]) => [
      field,
      { set: holder.fields.get(field) as string, from: holder.name },
    ]),
  );
}

const DAY_MS = 86_400_000;

/** How long ago, in whole days: `today`, `1 day`, `40 days`. */
export function ageOf(date: string, now = Date.now()): string {
  const days = Math.floor((now - Date.parse(date)) / DAY_MS);
  if (days < 1) return 'today';
  return days === 1 ? '1 day' : `${days} days`;
}

/** `@name (123)`, `123`, or a hyphen where the account is not known. */
export function accountText(account: Account | null): string {
  if (!account) return '-';
  return account.name === undefined ? account.id : `@${account.name} (${account.id})`;
}
