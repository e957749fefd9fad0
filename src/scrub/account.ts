import { failed } from '../failure.ts';
import type { Findings } from '../intake/candidates.ts';
import type { FieldName } from '../profile/fields.ts';
import { effectiveFields } from '../profile/inherit.ts';
import type { FieldNames } from '../profile/preset.ts';
import { changed, emptyProfile, type Profile } from '../profile/profile.ts';
import { childEnvironment } from '../run/environment.ts';
import type { Variables } from '../system/paths.ts';
import type { Move } from './moves.ts';

/** Gives a profile and those it inherits from, nearest first: `Vault.chain`, which reads what is stored. */
export type Chains = (name: string) => Promise<readonly Profile[]>;

/** What the vault would give after an import that is only tried out. */
export function proposedChains({ candidates }: Findings): Chains {
  const profiles = candidates.map(({ name, inherit, fields }) => {
    const values = [...fields].flatMap(([field, [place]]) => (place ? [[field, place.secret] as const] : []));
    return changed(emptyProfile(name), { fields: new Map(values), inherit: inherit ?? null });
  });
  return async (name) => {
    const own = profiles.find((profile) => profile.name === name);
    const parent = profiles.find((profile) => profile.name === own?.inherit);
    return [own ?? emptyProfile(name), ...(parent ? [parent] : [])];
  };
}

/**
 * The one profile under which every value of a program is at hand.
 * @throws Failure exit 1 where the values belong to several accounts: a program has one environment
 */
export async function accountOf(path: string, moves: readonly Move[], chains: Chains): Promise<string> {
  const names = [...new Set(moves.map(({ profile }) => profile))];
  for (const name of names) {
    const chain = (await chains(name)).map((profile) => profile.name);
    if (names.every((other) => chain.includes(other))) return name;
  }
  throw failed(`${path} holds keys of several accounts (${names.join(', ')}), so it was left as it is`, [
    'a program gets one account from twvault exec: give each account a file or a run of its own, then import again',
  ]);
}

/** The variables that `twvault exec` would hand to a program under a profile. */
export async function environmentUnder(
  profile: string,
  chains: Chains,
  naming: { readonly byField: FieldNames; readonly env: ReadonlyMap<string, string> },
  parent: Variables,
): Promise<Readonly<Record<string, string>>> {
  const chain = await chains(profile);
  return childEnvironment({
    parent,
    profile,
    fields: effectiveFields(chain),
    extras: chain[0]?.extras ?? new Map(),
    names: naming.byField,
    mapping: naming.env,
  }).variables;
}

/** The field's value under a profile, or undefined. */
export async function storedValue(
  profile: string,
  field: FieldName,
  chains: Chains,
): Promise<string | undefined> {
  return effectiveFields(await chains(profile))
    .get(field)
    ?.secret.reveal();
}
