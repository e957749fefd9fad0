import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Failure, failed } from '../failure.ts';
import { profileToJson } from '../profile/codec.ts';
import { canonical } from '../profile/json.ts';
import { type Profile, renewed } from '../profile/profile.ts';
import type { Store, Stored } from '../store/port.ts';
import { checkSpace, ensurePrivateDirectory, namesIn, removePrivate } from '../system/files.ts';
import { IDENTITY_FILE, identityAccount, spareAccount } from '../unlock/identity.ts';
import { readConfig, type StoreKind, type VaultConfig, writeConfig } from './config.ts';
import { exclusively } from './exclusive.ts';
import { fingerprintsOf, newFingerprintKey } from './fingerprints.ts';
import { forgetMigration, notedMigration, noteMigration, otherStore, placeOf } from './migration.ts';
import { openStore, type Surroundings } from './open.ts';
import { indexEntry } from './profile-index.ts';
import { profilesDirectory, Vault } from './vault.ts';

/** The members of vault.json that describe each store. A vault may have both: one is in use, `store` says which. */
const MEMBERS = {
  keychain: ['service'],
  file: ['identity', 'recipient', 'writer', 'pin', 'successor', 'recipients', 'recipientsSig'],
} as const satisfies Record<StoreKind, readonly (keyof VaultConfig)[]>;

type Description = Partial<VaultConfig>;

/** Room for padding, headers and the index entry of a record. */
const ROOM_EACH = 32 * 1024;

/** Whether vault.json knows a store: the one in use, one that is being filled, or one that was left. */
export const isDescribed = (config: VaultConfig, kind: StoreKind): boolean =>
  MEMBERS[kind].some((member) => config[member] !== undefined);

/**
 * Copies every profile to the other store, reads all of them back, and only then changes `store` in vault.json. A kill
 * at any point leaves a vault that opens: until that one write the old store counts, from then on the new one.
 *
 * A copy is a generation newer than its original, so whichever store counts, its records are never older than the index.
 * @param surroundings open the new store
 * @param prepare makes what describes the new store; only called where vault.json does not know it yet
 */
export async function migrate(
  vault: Vault,
  surroundings: Surroundings,
  prepare: () => Promise<Description>,
): Promise<number> {
  const to = otherStore(vault.config.store);
  await vault.store.open();
  const known = isDescribed(vault.config, to) ? await opened(vault.config, to, surroundings) : undefined;
  return exclusively(vault, async (stillHeld) => {
    const config = await described(vault, to, prepare, stillHeld);
    if (to === 'file') ensurePrivateDirectory(profilesDirectory(vault.home));
    const target = known ?? (await opened(config, to, surroundings));
    const names = await vault.names();
    await takeAwayStale(vault, target, names);
    noteMigration(vault.home, { to, names });
    checkSpace(vault.home, (names.length + 1) * ROOM_EACH);
    for (const name of names) await copy(vault, target, name, stillHeld);
    for (const name of names) await compare(vault, target, name);
    const moved = new Vault(vault.home, { ...config, store: to }, target);
    writeConfig(vault.home, moved.config, stillHeld);
    await updateIndex(moved);
    return names.length;
  });
}

/** Ends what a migration that was killed after the switch had left to do. */
export async function finishMigration(vault: Vault): Promise<void> {
  await vault.store.open();
  await exclusively(vault, async () => updateIndex(vault));
}

/**
 * Deletes the store that is not in use, once every profile has been read from the one that is.
 * @returns how many records went
 */
export async function deleteSource(vault: Vault, surroundings: Surroundings): Promise<number> {
  await vault.store.open();
  return exclusively(vault, async (stillHeld) => {
    const config = readConfig(vault.home) ?? vault.config;
    const from = otherStore(config.store);
    if (!isDescribed(config, from)) throw failed(`there is nothing left in ${placeOf(from)}`);
    const source = await openStore({ ...config, store: from }, surroundings);
    const names = await provenNames(vault, source);
    let count = 0;
    for (const name of names) if (await source.remove(name)) count += 1;
    if (from === 'file') await removeIdentity(config, surroundings);
    forgetMigration(vault.home);
    // Last, since it is what says that there is something to delete.
    writeConfig(vault.home, without(config, from), stillHeld);
    return count;
  });
}

async function opened(config: VaultConfig, kind: StoreKind, surroundings: Surroundings): Promise<Store> {
  const store = await openStore({ ...config, store: kind }, surroundings);
  await store.open();
  return store;
}

/** The configuration that describes both stores, the new one not in use yet. */
async function described(
  vault: Vault,
  to: StoreKind,
  prepare: () => Promise<Description>,
  stillHeld: () => void,
): Promise<VaultConfig> {
  const config = readConfig(vault.home) ?? vault.config;
  if (isDescribed(config, to)) return config;
  if (to === 'file') refuseForeignFiles(vault.home);
  const fingerprintKey = config.fingerprintKey ?? newFingerprintKey();
  const next = { ...config, fingerprintKey, ...(await prepare()) };
  writeConfig(vault.home, next, stillHeld);
  return next;
}

/** Records in the folder of a store that vault.json does not know are another vault's: nothing may take their place. */
function refuseForeignFiles(home: string): void {
  const directory = profilesDirectory(home);
  if (!namesIn(directory).some((file) => file.endsWith('.age'))) return;
  throw failed(`${directory} holds files of another vault`, ['move them aside first']);
}

/** What an earlier migration left in the new store of profiles that were removed or renamed since. */
async function takeAwayStale(vault: Vault, target: Store, names: readonly string[]): Promise<void> {
  const left = new Set([...(await target.names()), ...(notedMigration(vault.home)?.names ?? [])]);
  for (const name of left) if (!names.includes(name)) await target.remove(name);
}

async function copy(vault: Vault, target: Store, name: string, stillHeld: () => void): Promise<void> {
  await nextTurn(); // so that a signal is heard, and the lock kept fresh
  const { profile } = await vault.stored(name);
  const there = await readCopy(target, name);
  if (there && isCopy(there.profile, profile)) return;
  const place = await target.reserve(name, there?.revision ?? null);
  try {
    await place.put(renewed(profile, there?.profile.generation), stillHeld);
  } finally {
    place.release();
  }
}

/** An earlier copy. One that cannot be read is of no use to anyone: the original is at hand. */
async function readCopy(target: Store, name: string): Promise<Stored | null> {
  return target.read(name).catch(async (error: unknown) => {
    nothingReadable(error);
    await target.remove(name);
    return null;
  });
}

async function compare(vault: Vault, target: Store, name: string): Promise<void> {
  await nextTurn();
  const { profile } = await vault.stored(name);
  const copied = await target.read(name).catch(nothingReadable);
  if (copied && isCopy(copied.profile, profile)) return;
  throw failed(`${name} could not be read back as it was written: the profiles stay where they are`);
}

/** @throws what is no Failure */
function nothingReadable(error: unknown): null {
  if (error instanceof Failure) return null;
  throw error;
}

/** Whether one profile is a newer record of the same content, dates included. */
function isCopy(copied: Profile, original: Profile): boolean {
  return copied.generation > original.generation && contentOf(copied) === contentOf(original);
}

const contentOf = (profile: Profile): string => canonical(profileToJson({ ...profile, generation: 1 }));

/** Makes the index name the records of the store that is now in use. Older copies in their place are noticed as ever. */
async function updateIndex(vault: Vault): Promise<void> {
  const key = Buffer.from(vault.config.fingerprintKey ?? '', 'base64');
  for (const name of await vault.names()) {
    const { profile, revision } = await vault.stored(name);
    if (vault.entry(name)?.revision === revision) continue;
    vault.index.write(indexEntry(profile, revision, fingerprintsOf(profile, key)));
  }
}

/**
 * The names of what the store that is not in use holds, each proven to be in the vault, or to have been removed from it
 * since it was copied.
 */
async function provenNames(vault: Vault, source: Store): Promise<Set<string>> {
  const names = await vault.names();
  for (const name of names) await vault.stored(name);
  const copied = notedMigration(vault.home)?.names ?? [];
  const left = new Set([...(await source.names()), ...copied]);
  const unknown = [...left].filter((name) => !names.includes(name) && !copied.includes(name));
  if (unknown.length === 0) return left;
  throw failed(`${unknown.join(', ')} in the old store never came into the new one: nothing was deleted`, [
    'move the records aside, or migrate back first',
  ]);
}

async function removeIdentity(config: VaultConfig, surroundings: Surroundings): Promise<void> {
  if (config.identity === 'passphrase') removePrivate(join(surroundings.home, IDENTITY_FILE));
  if (config.identity !== 'keychain') return;
  const { Keychain } = await import('../system/keychain.ts');
  const keychain = new Keychain('twvault', surroundings);
  for (const account of [identityAccount, spareAccount]) await keychain.remove(account(config.vault));
}

function without(config: VaultConfig, kind: StoreKind): VaultConfig {
  const members: readonly string[] = MEMBERS[kind];
  return Object.fromEntries(
    Object.entries(config).filter(([member]) => !members.includes(member)),
  ) as unknown as VaultConfig;
}
