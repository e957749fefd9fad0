import { createPublicKey, type KeyObject, randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Curve, publicKey } from '../../src/age/raw-key.ts';

const OWN_FORM = Number.parseInt(process.versions.node, 10) < 24 ? 'jwk' : 'raw-private';

interface Input {
  readonly format: string;
}

afterEach(() => {
  vi.doUnmock('node:crypto');
  vi.resetModules();
});

/** Makes a secret key where OpenSSL refuses some of the forms, and tells which were tried. */
async function secretKeyBy(refused: readonly string[], curve: Curve, seed: Uint8Array) {
  const tried: string[] = [];
  vi.resetModules();
  vi.doMock('node:crypto', async (original) => {
    const crypto = await original<typeof import('node:crypto')>();
    const createPrivateKey = (input: Input & Parameters<typeof crypto.createPrivateKey>[0]): KeyObject => {
      tried.push(input.format);
      if (refused.includes(input.format)) throw new Error('refused');
      return crypto.createPrivateKey(input);
    };
    return { ...crypto, createPrivateKey };
  });
  const { secretKey } = await import('../../src/age/raw-key.ts');
  return { key: secretKey(curve, seed), tried };
}

describe.each(['X25519', 'Ed25519'] as const)('a raw %s key', (curve) => {
  const point = (key: KeyObject) => createPublicKey(key).export({ format: 'der', type: 'spki' });

  it('is taken in the form that costs least, and as DER where that is refused', async () => {
    const seed = randomBytes(32);
    const usual = await secretKeyBy([], curve, seed);
    expect(usual.tried).toEqual([OWN_FORM]);
    const der = await secretKeyBy(['jwk', 'raw-private'], curve, seed);
    expect(der.tried).toEqual([OWN_FORM, 'der']);
    expect(der.key.export({ format: 'der', type: 'pkcs8' }).subarray(-32)).toEqual(seed);
    expect(der.key.asymmetricKeyType).toBe(curve.toLowerCase());
    expect(usual.key.export({ format: 'der', type: 'pkcs8' }).subarray(-32)).toEqual(seed);
    expect(point(der.key).subarray(-32)).toEqual(
      publicKey(curve, point(der.key).subarray(-32)).export({ format: 'der', type: 'spki' }).subarray(-32),
    );
  });
});
