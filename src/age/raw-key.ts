import { createPrivateKey, createPublicKey, type KeyObject, type PrivateKeyInput } from 'node:crypto';

/** The curves of RFC 8410 whose keys are 32 raw bytes, with the DER in front of a raw secret key (PKCS #8). */
const PKCS8 = {
  X25519: '302e020100300506032b656e04220420',
  Ed25519: '302e020100300506032b657004220420',
} as const;

export type Curve = keyof typeof PKCS8;

/**
 * Hands a public key to OpenSSL.
 *
 * As a JWK (RFC 8037), because OpenSSL 3 sets up its DER decoders for the first DER key, which costs more than every
 * operation that an exec does with its keys.
 */
export function publicKey(crv: Curve, point: Uint8Array): KeyObject {
  const x = Buffer.from(point).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv, x }, format: 'jwk' });
}

/**
 * Hands a secret key to OpenSSL: as raw bytes where Node takes them (24 and later), as a JWK on 20 and 22, which do
 * not look at the public half of one, and as DER elsewhere. Node makes a copy that cannot be zeroed in every case.
 */
export function secretKey(crv: Curve, seed: Uint8Array): KeyObject {
  try {
    return Number.parseInt(process.versions.node, 10) < 24 ? fromJwk(crv, seed) : fromRaw(crv, seed);
  } catch {
    return fromDer(crv, seed);
  }
}

function fromJwk(crv: Curve, seed: Uint8Array): KeyObject {
  const d = Buffer.from(seed).toString('base64url');
  return createPrivateKey({ key: { kty: 'OKP', crv, d, x: '' }, format: 'jwk' });
}

function fromRaw(crv: Curve, seed: Uint8Array): KeyObject {
  // Newer than the type definitions of the oldest Node that is supported.
  const input = { key: Buffer.from(seed), format: 'raw-private', asymmetricKeyType: crv.toLowerCase() };
  return createPrivateKey(input as unknown as PrivateKeyInput);
}

function fromDer(crv: Curve, seed: Uint8Array): KeyObject {
  const der = Buffer.concat([Buffer.from(PKCS8[crv], 'hex'), seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  der.fill(0);
  return key;
}
