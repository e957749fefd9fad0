import { missing } from '../failure.ts';
import { FIELDS, type FieldName } from '../profile/fields.ts';
import { DEFAULT_MIN_LIFE_MS, expiryOf, isExpiring, isRenewable } from '../profile/grant.ts';
import { effectiveFields } from '../profile/inherit.ts';
import type { Profile } from '../profile/profile.ts';
import { projectOf } from '../project/project-file.ts';
import { checkAccount, chooseProfile } from '../project/resolve.ts';
import { vaultHome } from '../system/paths.ts';
import { openVault } from '../vault/open.ts';
import type { Vault } from '../vault/vault.ts';

/** Never given out: it works once, and whoever used it would cut twvault off from the login. */
const KEPT: FieldName = 'oauth2_refresh_token';

/** A profile's values behind accessors of a class, so that no printing, spreading or JSON finds them. */
export class StoredCredentials {
  readonly #chain: readonly Profile[];

  constructor(chain: readonly Profile[]) {
    this.#chain = chain;
  }

  get profile(): string {
    return this.#chain[0]?.name ?? '';
  }

  get account(): Profile['account'] {
    return this.#chain[0]?.account;
  }

  get expires(): Date | undefined {
    const expires = this.#chain[0] && expiryOf(this.#chain[0]);
    return expires === undefined ? undefined : new Date(expires);
  }

  extra(name: string): string | undefined {
    return this.#chain[0]?.extras.get(name)?.secret.reveal();
  }

  field(name: FieldName): string | undefined {
    return name === KEPT ? undefined : effectiveFields(this.#chain).get(name)?.secret.reveal();
  }

  toString(): string {
    return `[credentials of ${this.profile}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

for (const { name } of FIELDS) {
  if (name === KEPT) continue;
  const camel = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  for (const spelling of [name, camel]) {
    Object.defineProperty(StoredCredentials.prototype, spelling, {
      get(this: StoredCredentials) {
        return this.field(name);
      },
    });
  }
}

/** A vault with the name of the profile that is meant. */
export interface Chosen {
  readonly vault: Vault;
  readonly name: string;
}

/** As the command line chooses, by the variables of this process and its folder. @throws Failure */
export async function choose(option: string | undefined): Promise<Chosen> {
  const { env } = process;
  const vault = await openVault({ env, home: vaultHome(env), terminal: async () => undefined });
  if (!vault) throw missing('there is no vault yet', ['add a profile: twvault add personal']);
  const project = projectOf(process.cwd());
  const { name } = await chooseProfile({ option, env, project, vault });
  checkAccount(project, name, (await vault.read(name)).account?.id);
  return { vault, name };
}

/** @param minLife in ms; 0 renews nothing @throws Failure */
export async function readCredentials(
  { vault, name }: Chosen,
  minLife = DEFAULT_MIN_LIFE_MS,
): Promise<StoredCredentials> {
  const [profile, ...parents] = await vault.chain(name);
  if (!profile || minLife === 0 || !isRenewable(profile) || !isExpiring(profile, minLife))
    return new StoredCredentials(profile ? [profile, ...parents] : []);
  const { freshProfile } = await import('../x/authority.ts');
  const fresh = await freshProfile(vault, name, minLife);
  return new StoredCredentials([fresh.profile, ...parents]);
}
