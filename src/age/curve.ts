import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from 'node:crypto';

/** Length of scalars and points in bytes. */
export const POINT_SIZE = 32;

// The fixed DER in front of a raw key (RFC 8410). JWK would start 0.5 ms sooner, but wants the scalar as a
// string, which cannot be zeroed, and a public half that is not known yet.
const PKCS8_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex');
const SPKI_PREFIX = Buffer.from('302a300506032b656e032100', 'hex');

const BASE_POINT = new Uint8Array(POINT_SIZE);
BASE_POINT[0] = 9;

/** Hands a 32-byte scalar to OpenSSL. The copy made on the way is zeroed; the caller's own is not. */
export function secretKey(scalar: Uint8Array): KeyObject {
  const der = Buffer.concat([PKCS8_PREFIX, scalar]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  der.fill(0);
  return key;
}

/** The public point of a secret key: X25519(scalar, basepoint). */
export function publicPoint(secret: KeyObject): Uint8Array {
  return diffieHellman({ privateKey: secret, publicKey: publicKey(BASE_POINT) });
}

/** X25519(scalar, point), RFC 7748 section 5, or null for a low-order point (an all-zero result). */
export function sharedSecret(secret: KeyObject, point: Uint8Array): Uint8Array | null {
  const key = publicKey(point);
  try {
    const shared = diffieHellman({ privateKey: secret, publicKey: key });
    return shared.every((byte) => byte === 0) ? null : shared;
  } catch {
    // OpenSSL refuses an all-zero result by itself; it has no other reason to refuse here.
    return null;
  }
}

function publicKey(point: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, point]), format: 'der', type: 'spki' });
}
