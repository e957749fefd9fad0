import { createCipheriv, randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type decrypt, encrypt } from '../../src/age/aead.ts';

const [key, nonce] = [randomBytes(32), randomBytes(12)];
const plaintext = Buffer.from('what is kept');

/** By OpenSSL alone. */
function sealed(text: Buffer): Buffer {
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 });
  return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
}

const flipped = (bytes: Buffer, at: number) =>
  Buffer.from(bytes.map((byte, i) => (i === at ? byte ^ 1 : byte)));

/** Node 24.7 and later have the cipher there; Bun has it only there. */
const hasWebCipher = await crypto.subtle
  .importKey('raw-secret' as 'raw', key, 'ChaCha20-Poly1305', false, ['decrypt'])
  .then(
    () => true,
    () => false,
  );
const WAYS = ['OpenSSL', ...(hasWebCipher ? ['WebCrypto'] : []), 'noble'];

describe('ChaCha20-Poly1305', () => {
  it('seals to what OpenSSL seals to', async () => {
    expect(Buffer.from(await encrypt(key, nonce, plaintext))).toEqual(sealed(plaintext));
  });

  // Each way of opening, on the same bytes.
  describe.each(WAYS)('opened by %s', (by) => {
    afterEach(() => {
      vi.restoreAllMocks();
      vi.doUnmock('node:crypto');
      vi.doUnmock('../../src/age/noble.ts');
      vi.resetModules();
    });

    async function opener(): Promise<typeof decrypt> {
      vi.resetModules();
      const absent = () => {
        throw new Error('not there');
      };
      if (by !== 'noble') vi.doMock('../../src/age/noble.ts', () => ({ decrypt: absent }));
      if (by !== 'OpenSSL') vi.doMock('node:crypto', () => ({ createDecipheriv: absent }));
      if (by !== 'WebCrypto') vi.spyOn(crypto.subtle, 'importKey').mockImplementation(absent);
      return (await import('../../src/age/aead.ts')).decrypt;
    }

    it('gives the plaintext, and null for anything altered or cut short', async () => {
      const open = await opener();
      const good = sealed(plaintext);
      expect(Buffer.from((await open(key, nonce, good)) ?? [])).toEqual(plaintext);
      expect(await open(key, nonce, sealed(Buffer.alloc(0)))).toHaveLength(0);
      for (let at = 0; at < good.length; at += 1) {
        expect(await open(key, nonce, flipped(good, at))).toBeNull();
        expect(await open(key, nonce, good.subarray(0, at))).toBeNull();
      }
    });
  });
});
