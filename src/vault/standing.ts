import { failed, usage } from '../failure.ts';
import { canonical } from '../profile/json.ts';
import type { Signer, Store } from '../store/port.ts';
import { DOMAINS } from '../unlock/writer.ts';
import type { VaultConfig } from './config.ts';

// The standing recipients: every new profile is sealed to them too. Who can write to the home must not be able to add
// one, so the owner signs the list.

/** What vault.json says of them. */
export type Standing = Pick<VaultConfig, 'recipients' | 'recipientsSig'>;

/** What signs for the owner. @throws Failure exit 2 where the store has no recipients */
export function signerOf(store: Store): Signer {
  if (store.signer) return store.signer;
  throw usage('profiles in the keychain have no recipients: the keychain alone decides who reads them', [
    'recipients belong to encrypted files: twvault init --store file',
  ]);
}

/** The standing recipients of a vault; none where the store has none. @throws Failure exit 1 where the owner did not choose them */
export async function standingOf(
  { vault, recipients, recipientsSig = '' }: VaultConfig,
  store: Store,
): Promise<readonly string[]> {
  if (recipients === undefined || !store.signer) return [];
  if (await store.signer.hasSigned(statement(vault, recipients), recipientsSig)) return recipients;
  throw failed('the recipients in vault.json were not chosen by its owner: their signature does not hold', [
    'restore vault.json from a backup, or take recipients and recipientsSig out of it',
  ]);
}

/** The configuration with these standing recipients in place of what it has. */
export async function withStanding(
  config: VaultConfig,
  recipients: readonly string[],
  sign: Signer['sign'],
): Promise<VaultConfig> {
  const { recipients: _, recipientsSig: __, ...rest } = config;
  return { ...rest, ...(await signedStanding(config.vault, recipients, sign)) };
}

/** The members of vault.json for these standing recipients. */
export async function signedStanding(
  vault: string,
  recipients: readonly string[],
  sign: Signer['sign'],
): Promise<Standing> {
  if (recipients.length === 0) return {};
  return { recipients, recipientsSig: await sign(statement(vault, recipients)) };
}

function statement(vault: string, recipients: readonly string[]): Uint8Array {
  return Buffer.from(DOMAINS.recipients + canonical({ recipients, vault }));
}
