import { diffieHellman, type KeyObject } from 'node:crypto';
import { publicKey, secretKey as rawSecretKey } from './raw-key.ts';

/** Length of scalars and points in bytes. */
export const POINT_SIZE = 32;

const BASE_POINT = new Uint8Array(POINT_SIZE);
BASE_POINT[0] = 9;

/** Hands a 32-byte scalar to OpenSSL. */
export const secretKey = (scalar: Uint8Array): KeyObject => rawSecretKey('X25519', scalar);

/** The public point of a secret key: X25519(scalar, basepoint). */
export function publicPoint(secret: KeyObject): Uint8Array {
  return diffieHellman({ privateKey: secret, publicKey: publicKey('X25519', BASE_POINT) });
}

/** X25519(scalar, point), RFC 7748 section 5, or null for a low-order point (an all-zero result). */
export function sharedSecret(secret: KeyObject, point: Uint8Array): Uint8Array | null {
  const key = publicKey('X25519', point);
  try {
    const shared = diffieHellman({ privateKey: secret, publicKey: key });
    return shared.every((byte) => byte === 0) ? null : shared;
  } catch {
    // OpenSSL refuses an all-zero result by itself; it has no other reason to refuse here.
    return null;
  }
}
