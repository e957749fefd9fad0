import { createHmac, createPublicKey, sign, verify } from 'node:crypto';
import { publicKey, secretKey } from '../age/raw-key.ts';
import type { X25519Identity } from '../age/x25519.ts';

/** What the messages that are signed begin with, each kind with its own, so that none can be taken for another. */
export const DOMAINS = { record: 'twvault record v1\n', recipients: 'twvault recipients v1\n' } as const;

/** Who signs records: an Ed25519 key that follows from the identity, so nothing more has to be kept. */
export interface Writer {
  /** The public key, 32 bytes in base64. */
  readonly id: string;
  /** The 64-byte signature of a message in base64. Asynchronous because the key may sit behind a socket. */
  sign(message: Uint8Array): Promise<string>;
}

/** The writer of an identity: Ed25519 seed = HKDF-SHA-256(identity, info "twvault writer v1"). */
export function writerOf(identity: X25519Identity): Writer {
  const seed = identity.deriveKey('twvault writer v1');
  const key = secretKey('Ed25519', seed);
  seed.fill(0);
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  return {
    id: Buffer.from(x, 'base64url').toString('base64'),
    sign: async (message) => sign(null, message, key).toString('base64'),
  };
}

/**
 * The proof that the owner of an identity trusts a writer: HMAC-SHA-256 of the writer's id, base64, under a key that
 * follows from the identity (info "twvault pin v1"). It lets a reader trust the id in vault.json, which anyone may
 * have changed, without working out the writer's key pair.
 */
export function pinOf(identity: X25519Identity, writer: string): string {
  const key = identity.deriveKey('twvault pin v1');
  const pin = createHmac('sha256', key).update(writer).digest('base64');
  key.fill(0);
  return pin;
}

/** Whether the writer with this id made the signature. False for anything malformed, other spellings included. */
export function isSignedBy(id: string, message: Uint8Array, signature: string): boolean {
  const [point, bytes] = [Buffer.from(id, 'base64'), Buffer.from(signature, 'base64')];
  if (point.length !== 32 || bytes.toString('base64') !== signature) return false;
  return verify(null, message, publicKey('Ed25519', point), bytes);
}
