import { join, resolve } from 'node:path';
import { failed, locked, usage } from '../failure.ts';
import { IDENTITY_FILE, identitiesFromEnvironment } from '../unlock/identity.ts';
import { isExchange } from '../unlock/identity-text.ts';
import { FileKeeper, type Keeper, KeychainKeeper, PassphraseKeeper } from '../unlock/keeper.ts';
import { passphraseFrom } from '../unlock/passphrase.ts';
import { readSecretFile } from '../unlock/unattended.ts';
import type { VaultConfig } from '../vault/config.ts';
import type { Exchange } from '../vault/rekey.ts';
import type { Vault } from '../vault/vault.ts';
import type { Context } from './context.ts';

/** The exchange of a vault's identity, in the place that vault.json names. Asks for the passphrase where one is needed. */
export async function exchangeOf(context: Context, vault: Vault, identityOut?: string): Promise<Exchange> {
  const { config } = vault;
  const isElsewhere = placeOf(config) === 'elsewhere';
  if (identityOut !== undefined && !isElsewhere)
    throw usage('--identity-out is for an identity that the user keeps, and this vault keeps its own');
  const keeper = await keeperOf(context, config, identityOut);
  return { vault, keeper, given: isElsewhere ? (identitiesFromEnvironment(context.env) ?? []) : [] };
}

async function keeperOf(context: Context, config: VaultConfig, identityOut?: string): Promise<Keeper> {
  switch (placeOf(config)) {
    case 'passphrase':
      return passphraseKeeper(context);
    case 'keychain': {
      const { Keychain } = await import('../system/keychain.ts');
      return new KeychainKeeper(new Keychain('twvault', context), config.vault);
    }
    case 'elsewhere':
      return new FileKeeper(newFileOf(context, identityOut));
  }
}

const placeOf = ({ identity = 'elsewhere' }: VaultConfig) => identity;

/** identity.age with its present passphrase, from the environment or the terminal. */
export async function passphraseKeeper({ env, home, terminal }: Context): Promise<PassphraseKeeper> {
  const path = join(home, IDENTITY_FILE);
  const given = passphraseFrom(env);
  if (given) return new PassphraseKeeper(path, given);
  const ask = await terminal();
  if (ask) return new PassphraseKeeper(path, await ask('passphrase of the vault'));
  throw locked('there is no terminal to ask for the passphrase of the vault', [
    'set TWVAULT_PASSPHRASE_FILE or TWVAULT_PASSPHRASE',
  ]);
}

/** The file for the new identity: a new one, or the one of an exchange that was interrupted. */
function newFileOf({ env, cwd }: Context, identityOut?: string): string {
  if (identityOut !== undefined) return resolve(cwd(), identityOut);
  const named = env.TWVAULT_IDENTITY_FILE;
  if (
    !env.TWVAULT_IDENTITY &&
    named &&
    isExchange(readSecretFile(named, 'the file that TWVAULT_IDENTITY_FILE names'))
  )
    return resolve(cwd(), named);
  throw usage('this vault does not keep its identity: say where the new one shall go', [
    'name a new file: twvault rekey --identity-out FILE',
  ]);
}

/** @throws Failure exit 1 where profiles are in the keychain, which has neither identity nor passphrase of ours */
export function checkHasFiles({ store }: VaultConfig, what: string): void {
  if (store === 'file') return;
  throw failed(`the profiles are in the operating system's keychain, which has no ${what} of twvault's`, [
    'the system itself locks the keychain: change its password there',
  ]);
}
