import { join } from 'node:path';
import { X25519Identity } from '../age/x25519.ts';
import { failed, locked } from '../failure.ts';
import type { Secret } from '../profile/secret.ts';
import { createPrivate, ensurePrivateDirectory, namesIn, replaceFile } from '../system/files.ts';
import { withLock } from '../system/lock.ts';
import { IDENTITY_FILE, type IdentityHome, identityAccount } from '../unlock/identity.ts';
import { identityText } from '../unlock/identity-text.ts';
import { UNATTENDED } from '../unlock/unattended.ts';
import { pinOf, writerOf } from '../unlock/writer.ts';
import { newVaultId, type Owner, readConfig, type VaultConfig, writeConfig } from './config.ts';
import { newFingerprintKey } from './fingerprints.ts';
import type { Surroundings } from './open.ts';
import { type Standing, signedStanding } from './standing.ts';
import { lockPath, profilesDirectory } from './vault.ts';

/** How a new vault keeps its profiles, and the file store its identity. */
export type Plan =
  | { readonly store: 'keychain' }
  | {
      readonly store: 'file';
      readonly identity: NewIdentity;
      /** Further recipients of every profile. */
      readonly recipients?: readonly string[];
    };

type FilePlan = Extract<Plan, { store: 'file' }>;

export type NewIdentity =
  | { readonly kept: 'passphrase'; readonly passphrase: Secret; readonly logN?: number }
  | { readonly kept: 'keychain' }
  | { readonly kept: 'file'; readonly path: string }
  /** The user has it already: it came from the environment. */
  | { readonly kept: 'elsewhere'; readonly identity: X25519Identity };

/**
 * Sets a vault up, unless another process was faster: then that one's configuration counts.
 * vault.json comes last, so a crash before it leaves no vault, and the next attempt starts anew.
 * @throws Failure where something is in the way; nothing that is there is replaced
 */
export async function initialise(surroundings: Surroundings, plan: Plan): Promise<VaultConfig> {
  const { env, home } = surroundings;
  ensurePrivateDirectory(home);
  return withLock(lockPath(home), async (stillHeld) => {
    const existing = readConfig(home);
    if (existing) return existing;
    refuseOrphans(home);
    const config = plan.store === 'file' ? await fileConfig(plan, surroundings) : keychainConfig(env);
    if (config.store === 'file') ensurePrivateDirectory(profilesDirectory(home));
    writeConfig(home, config, stillHeld);
    return config;
  });
}

/** Profiles without a vault.json belong to a vault that was lost in part: a new one must not be made over it. */
function refuseOrphans(home: string): void {
  const orphans = namesIn(profilesDirectory(home)).filter((file) => file.endsWith('.age'));
  if (orphans.length === 0) return;
  throw failed(`${profilesDirectory(home)} holds profiles, but vault.json beside it is missing`, [
    'restore vault.json from a backup; age -d -i IDENTITY opens the profiles meanwhile',
    'or choose another folder with TWVAULT_HOME',
  ]);
}

/** A name of its own for a vault's items: nothing of another vault is in the way there. */
export const ownService = (vault: string): string => `twvault:${vault.slice(0, 8)}`;

function keychainConfig(env: Surroundings['env']): VaultConfig {
  const vault = newVaultId();
  // A vault in a place of its own must not share items with the user's main one.
  const service = env.TWVAULT_HOME ? ownService(vault) : 'twvault';
  return { vault, store: 'keychain', service, fingerprintKey: newFingerprintKey() };
}

async function fileConfig(plan: FilePlan, surroundings: Surroundings): Promise<VaultConfig> {
  const vault = newVaultId();
  const described = await describeFileStore(plan.identity, vault, surroundings, plan.recipients);
  return { vault, store: 'file', ...described, fingerprintKey: newFingerprintKey() };
}

/** Keeps the identity of a new file store, and gives the members of vault.json that describe the store. */
export async function describeFileStore(
  plan: NewIdentity,
  vault: string,
  surroundings: Surroundings,
  recipients: readonly string[] = [],
): Promise<Owner & Standing & { readonly identity: IdentityHome }> {
  const identity = plan.kept === 'elsewhere' ? plan.identity : X25519Identity.generate();
  await keep(plan, identity, vault, surroundings);
  const kept: IdentityHome = plan.kept === 'file' ? 'elsewhere' : plan.kept;
  const standing = await signedStanding(vault, recipients, writerOf(identity).sign);
  return { identity: kept, ...ownerOf(identity), ...standing };
}

/** What vault.json says of an identity. */
export function ownerOf(identity: X25519Identity): Owner {
  const writer = writerOf(identity).id;
  return { recipient: identity.recipient().encode(), writer, pin: pinOf(identity, writer) };
}

async function keep(
  plan: NewIdentity,
  identity: X25519Identity,
  vault: string,
  surroundings: Surroundings,
): Promise<void> {
  if (plan.kept === 'file') createPrivate(plan.path, Buffer.from(identityText(identity)));
  if (plan.kept === 'passphrase') {
    const { sealWithPassphrase } = await import('../unlock/sealed-identity.ts');
    const sealed = await sealWithPassphrase([identity], plan.passphrase, plan.logN);
    replaceFile(join(surroundings.home, IDENTITY_FILE), sealed);
  }
  if (plan.kept === 'keychain') {
    const { Keychain } = await import('../system/keychain.ts');
    await new Keychain('twvault', surroundings).set(identityAccount(vault), identityText(identity));
  }
}

/** What an automatic choice needs to know. */
export interface Circumstances {
  readonly identity: X25519Identity | undefined;
  readonly passphrase: Secret | undefined;
  /** Says why the keychain cannot be used, or null where it can. */
  readonly probeKeychain: () => Promise<{ readonly message: string; readonly reason: string } | null>;
  /** Asks the user for a new passphrase; absent where there is no terminal. */
  readonly choosePassphrase?: (() => Promise<Secret>) | undefined;
}

/**
 * The store that the first `add` sets up: a file where the environment brings an identity or a passphrase for it, the
 * keychain where it works, else a file with a passphrase from the terminal.
 * @throws Failure exit 3 where the keychain is there but locked, or where there is neither keychain nor terminal
 */
export async function choosePlan(circumstances: Circumstances): Promise<Plan> {
  const { identity, passphrase, probeKeychain, choosePassphrase } = circumstances;
  if (identity) return { store: 'file', identity: { kept: 'elsewhere', identity } };
  if (passphrase) return { store: 'file', identity: { kept: 'passphrase', passphrase } };
  const trouble = await probeKeychain();
  if (!trouble) return { store: 'keychain' };
  if (trouble.reason !== 'absent') throw trouble;
  if (choosePassphrase)
    return { store: 'file', identity: { kept: 'passphrase', passphrase: await choosePassphrase() } };
  throw locked(`${trouble.message}, and there is no terminal to ask for a passphrase`, [
    'twvault init --store file --identity-out FILE makes an encrypted file store without asking',
    ...UNATTENDED.passphrase,
  ]);
}
