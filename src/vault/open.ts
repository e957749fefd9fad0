import { locked } from '../failure.ts';
import { FileStore } from '../store/file.ts';
import type { Store } from '../store/port.ts';
import { checkPrivateDirectory } from '../system/files.ts';
import type { Variables } from '../system/paths.ts';
import { type Asker, findIdentities } from '../unlock/identity.ts';
import type { Identities } from '../unlock/identity-text.ts';
import { type Holder, keyOf, type VaultKey } from '../unlock/key.ts';
import { pinOf } from '../unlock/writer.ts';
import { readConfig, type StoreKind, type VaultConfig } from './config.ts';
import { ProfileIndex } from './profile-index.ts';
import { profilesDirectory, Vault } from './vault.ts';

export type { Asker };

/** What opening a vault may draw on. */
export interface Surroundings {
  readonly env: Variables;
  readonly home: string;
  /** Tells the person what is being waited for. Nothing is told where it is absent. */
  readonly say?: (message: string) => void;
  /** The terminal to ask on, or undefined where there is none. */
  readonly terminal: () => Promise<Asker | undefined>;
}

type Opener = (config: VaultConfig, surroundings: Surroundings) => Promise<Store>;

/** Every store, and what opens it. A new store is a file in src/store and a line here. */
const OPENERS: Record<StoreKind, Opener> = {
  file: async (config, surroundings) => openFileStore(config, surroundings),
  keychain: async (config, surroundings) => {
    const [{ KeychainStore }, { Keychain }] = await Promise.all([
      import('../store/keychain.ts'),
      import('../system/keychain.ts'),
    ]);
    const keychain = new Keychain(config.service ?? 'twvault', surroundings);
    const index = new ProfileIndex(surroundings.home);
    return new KeychainStore({
      items: keychain,
      probe: () => keychain.probe(),
      names: async () => index.names(),
    });
  },
};

/**
 * The vault of a home, or null where none was set up. Nothing is unlocked yet: that happens when a record is first
 * read or written.
 * @throws Failure where the home or its configuration cannot be used
 */
export async function openVault(surroundings: Surroundings): Promise<Vault | null> {
  const { home } = surroundings;
  if (!checkPrivateDirectory(home)) return null;
  for (const folder of [profilesDirectory(home), new ProfileIndex(surroundings.home).directory])
    checkPrivateDirectory(folder);
  const config = readConfig(home);
  return config && new Vault(home, config, await openStore(config, surroundings));
}

/** The store that a configuration names, still locked. */
export async function openStore(config: VaultConfig, surroundings: Surroundings): Promise<Store> {
  return OPENERS[config.store](config, surroundings);
}

function openFileStore(config: VaultConfig, surroundings: Surroundings): Store {
  return new FileStore({
    directory: profilesDirectory(surroundings.home),
    vault: config.vault,
    unlock: () => unlock(config, surroundings),
  });
}

async function unlock(config: VaultConfig, surroundings: Surroundings): Promise<VaultKey> {
  const identityHome = config.identity ?? 'elsewhere';
  const identities = await findIdentities({ ...surroundings, vault: config.vault, identityHome });
  const [holder] = holders(identities, config);
  if (!holder) {
    throw locked('the identity at hand is not the one of this vault, or vault.json was altered', [
      `this vault's public key is ${config.recipient ?? 'unknown'}`,
      'check TWVAULT_IDENTITY, TWVAULT_IDENTITY_FILE and TWVAULT_HOME',
    ]);
  }
  return keyOf([holder]);
}

/** Those of the identities at hand that vault.json names with their own proof. */
function holders(identities: Identities, { writer = '', pin }: VaultConfig): Holder[] {
  return identities
    .filter((identity) => pinOf(identity, writer) === pin)
    .map((identity) => ({ identity, writer }));
}
