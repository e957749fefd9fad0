import type { X25519Identity } from '../age/x25519.ts';
import { type Failure, locked } from '../failure.ts';
import { FileStore } from '../store/file.ts';
import type { Store } from '../store/port.ts';
import { checkPrivateDirectory } from '../system/files.ts';
import type { Variables } from '../system/paths.ts';
import { type Asker, findIdentities } from '../unlock/identity.ts';
import type { Identities } from '../unlock/identity-text.ts';
import { type Holder, keyOf, type VaultKey } from '../unlock/key.ts';
import { sourceOf } from '../unlock/unattended.ts';
import { pinOf } from '../unlock/writer.ts';
import { type Owner, readConfig, type StoreKind, type VaultConfig } from './config.ts';
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
  let current = config;
  return new FileStore({
    directory: profilesDirectory(surroundings.home),
    vault: config.vault,
    unlock: () => unlock(current, surroundings),
    newestWriter: () => {
      current = readConfig(surroundings.home) ?? current;
      return newestWriter(current);
    },
  });
}

/** The vault of a home, opened with identities that are known, the newest first. */
export function vaultWith(home: string, config: VaultConfig, identities: Identities): Vault {
  const store = new FileStore({
    directory: profilesDirectory(home),
    vault: config.vault,
    unlock: async () => keyOf(ours(identities, config)),
    newestWriter: () => newestWriter(readConfig(home) ?? config),
  });
  return new Vault(home, config, store);
}

const newestWriter = (config: VaultConfig): string | undefined => writersOf(config)[0];

async function unlock(config: VaultConfig, surroundings: Surroundings): Promise<VaultKey> {
  return (await keyInAgent(config, surroundings)) ?? keyOf(await findHolders(config, surroundings));
}

/** The agent's turn comes after the variables. Only a passphrase makes one worth while; nothing is loaded otherwise. */
async function keyInAgent(config: VaultConfig, { env, home }: Surroundings): Promise<VaultKey | undefined> {
  if (config.identity !== 'passphrase' || sourceOf('identity', env)) return undefined;
  const { keyFromAgent } = await import('../agent/key.ts');
  return keyFromAgent({ env, home, vault: config.vault, writers: writersOf(config) });
}

/** The ids of the writers that vault.json names, the newest first. */
export const writersOf = ({ successor, writer }: VaultConfig): string[] =>
  [successor?.writer, writer].filter((id) => id !== undefined);

/**
 * The identities of a vault, from the first source that has any, the agent left aside.
 * @throws Failure exit 3 where no source answers, or with others
 */
export async function findHolders(
  config: VaultConfig,
  surroundings: Surroundings,
): Promise<[Holder, ...Holder[]]> {
  const identityHome = config.identity ?? 'elsewhere';
  return ours(await findIdentities({ ...surroundings, vault: config.vault, identityHome }), config);
}

/** @throws Failure exit 3 where none of the identities is this vault's */
function ours(identities: Identities, config: VaultConfig): [Holder, ...Holder[]] {
  const [newest, ...others] = holders(identities, config);
  if (newest) return [newest, ...others];
  throw notOurs(identities, config);
}

/** Those of the identities that vault.json names with their own proof: who takes over first, then who hands over. */
export function holders(identities: readonly X25519Identity[], config: VaultConfig): Holder[] {
  const named: Partial<Owner>[] = config.successor ? [config.successor, config] : [config];
  return named.flatMap(({ writer = '', pin }) =>
    identities
      .filter((identity) => pinOf(identity, writer) === pin)
      .map((identity) => ({ identity, writer })),
  );
}

export function notOurs(
  identities: readonly X25519Identity[],
  { recipient, recipients = [] }: VaultConfig,
): Failure {
  if (identities.some((identity) => recipients.includes(identity.recipient().encode())))
    return locked('this identity is a further recipient: it opens single profiles, and not the vault', [
      'read them with age: age -d -i KEYFILE profiles/NAME.age',
      'twvault recipients --help shows how a new vault is made of them',
    ]);
  return locked('the identity at hand is not the one of this vault, or vault.json was altered', [
    `this vault's public key is ${recipient ?? 'unknown'}; twvault rekey may have exchanged it`,
    'check TWVAULT_IDENTITY, TWVAULT_IDENTITY_FILE and TWVAULT_HOME',
  ]);
}
