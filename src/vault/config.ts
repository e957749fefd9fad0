import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { failed } from '../failure.ts';
import { recipientsFrom } from '../profile/codec.ts';
import { FormatError, type Json, type Members, object, only, string } from '../profile/json.ts';
import { isProfileName } from '../profile/names.ts';
import { readPrivate, replaceFile } from '../system/files.ts';
import type { IdentityHome } from '../unlock/identity.ts';

export const STORES = ['keychain', 'file'] as const;
export type StoreKind = (typeof STORES)[number];

/** An identity's public key, its writer, and its proof that this is so. */
export interface Owner {
  readonly recipient: string;
  readonly writer: string;
  readonly pin: string;
}

/** vault.json: how this vault is set up. Nothing in it is secret, and nothing in it is trusted with a secret. */
export interface VaultConfig {
  readonly vault: string;
  readonly store: StoreKind;
  /** The default profile, as `use` set it. */
  readonly default?: string;
  /** The keychain store: the service under which its items are kept. */
  readonly service?: string;
  /** The file store: where its identity is kept. */
  readonly identity?: IdentityHome;
  /** The file store: its public key, for people and for `age -r`; records are never sealed to what stands here. */
  readonly recipient?: string;
  /** The file store: who signs its records, and the identity's proof that this is so. */
  readonly writer?: string;
  readonly pin?: string;
  /** While the identity is being exchanged: who takes its place. Both count. */
  readonly successor?: Owner;
  /** Further recipients of every new profile, and the writer's signature that its owner chose them. */
  readonly recipients?: readonly string[];
  readonly recipientsSig?: string;
  /** The key of the fingerprints in the index, base64; see fingerprint.ts for what that means. */
  readonly fingerprintKey?: string;
}

export const FORMAT = 'twvault-vault-1';
const LIMIT = 64 * 1024;
const OPTIONAL = [
  'default',
  'service',
  'identity',
  'recipient',
  'writer',
  'pin',
  'recipientsSig',
  'fingerprintKey',
] as const;
const IDENTITY_HOMES: readonly string[] = ['passphrase', 'keychain', 'elsewhere'] satisfies IdentityHome[];

export const configPath = (home: string): string => join(home, 'vault.json');
export const newVaultId = (): string => randomUUID();

/**
 * The configuration of the vault in a folder, or null where there is no vault.
 * @throws Failure where it is damaged
 */
export function readConfig(home: string): VaultConfig | null {
  const path = configPath(home);
  const bytes = readPrivate(path, LIMIT);
  if (!bytes) return null;
  try {
    return configFrom(JSON.parse(bytes.toString('utf8')) as Json);
  } catch (error) {
    if (!(error instanceof FormatError) && !(error instanceof SyntaxError)) throw error;
    const reason = error instanceof FormatError ? error.message : 'not JSON';
    throw failed(
      `${path} is damaged: ${reason}`,
      ['restore it from a backup (docs/format.md describes it)'],
      error,
    );
  }
}

/** @throws Failure where it cannot be written; the old configuration is then whole */
export function writeConfig(home: string, config: VaultConfig, lastCheck?: () => void): void {
  const text = `${JSON.stringify({ format: FORMAT, ...config }, null, 2)}\n`;
  replaceFile(configPath(home), Buffer.from(text), lastCheck);
}

function configFrom(value: Json): VaultConfig {
  const members = object(value, 'it');
  only(members, 'it', `format vault store successor recipients ${OPTIONAL.join(' ')}`);
  if (members.get('format') !== FORMAT) throw new FormatError('its format is not known to this twvault');
  const optional = OPTIONAL.filter((key) => members.has(key));
  const texts = Object.fromEntries(optional.map((key) => [key, string(members.get(key), key)]));
  if (texts.default !== undefined && !isProfileName(texts.default))
    throw new FormatError('default is no name');
  if (texts.identity !== undefined && !IDENTITY_HOMES.includes(texts.identity)) {
    throw new FormatError('identity is not known to this twvault');
  }
  return {
    vault: string(members.get('vault'), 'vault'),
    store: storeKind(members.get('store')),
    ...texts,
    ...nestedFrom(members),
  };
}

function nestedFrom(members: Members): Pick<VaultConfig, 'successor' | 'recipients'> {
  const successor = members.get('successor');
  const recipients = members.get('recipients');
  return {
    ...(successor === undefined ? {} : { successor: ownerFrom(successor) }),
    ...(recipients === undefined ? {} : { recipients: recipientsFrom(recipients, 'recipients') }),
  };
}

function ownerFrom(value: Json): Owner {
  const members = object(value, 'successor');
  only(members, 'successor', 'recipient writer pin');
  const text = (key: string) => string(members.get(key), `successor.${key}`);
  return { recipient: text('recipient'), writer: text('writer'), pin: text('pin') };
}

function storeKind(value: Json | undefined): StoreKind {
  const kind = STORES.find((name) => name === value);
  if (!kind) throw new FormatError('store is not known to this twvault');
  return kind;
}
