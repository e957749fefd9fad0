import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { X25519Identity } from '../age/x25519.ts';

/** DER prefixes of Ed25519 keys (RFC 8410): PKCS #8 with a 32-byte seed, SPKI with a 32-byte point. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const INFO = 'twvault writer v1';

/** Who signs records: an Ed25519 key that follows from the identity, so nothing more has to be kept. */
export interface Writer {
  /** The public key, 32 bytes in base64. */
  readonly id: string;
  /** The 64-byte signature of a message in base64. */
  sign(message: Uint8Array): string;
}

/** The writer of an identity: Ed25519 seed = HKDF-SHA-256(identity, info "twvault writer v1"). */
export function writerOf(identity: X25519Identity): Writer {
  const seed = identity.deriveKey(INFO);
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  seed.fill(0);
  return {
    id: publicBytes(key).toString('base64'),
    sign: (message) => sign(null, message, key).toString('base64'),
  };
}

function publicBytes(key: KeyObject): Buffer {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(SPKI.length);
}

/** Whether the writer with this id made the signature. False for anything malformed. */
export function isSignedBy(id: string, message: Uint8Array, signature: string): boolean {
  const point = Buffer.from(id, 'base64');
  if (point.length !== 32) return false;
  const key = createPublicKey({ key: Buffer.concat([SPKI, point]), format: 'der', type: 'spki' });
  return verify(null, message, key, Buffer.from(signature, 'base64'));
}
