import { createDecipheriv, type DecipherChaCha20Poly1305 as Decipher, type webcrypto } from 'node:crypto';

/** Bytes that encryption adds. */
export const TAG_SIZE = 16;

const CIPHER = 'chacha20-poly1305';

/**
 * ChaCha20-Poly1305 without additional data (RFC 8439): ciphertext and tag. Sealing is @noble/ciphers' work and opening
 * is OpenSSL's, so each record written is opened by another implementation than the one that sealed it.
 */
export async function encrypt(
  key: Uint8Array,
  nonce: Uint8Array,
  plaintext: Uint8Array,
): Promise<Uint8Array> {
  const noble = await import('./noble.ts');
  return noble.encrypt(key, nonce, plaintext);
}

/**
 * The plaintext, or null where the tag does not fit. OpenSSL's implementation is there without being loaded, which
 * saves every exec about 3 ms. Bun has the cipher in WebCrypto only; where a runtime has it in neither, noble opens.
 */
export async function decrypt(
  key: Uint8Array,
  nonce: Uint8Array,
  ciphertext: Uint8Array,
): Promise<Uint8Array | null> {
  if (ciphertext.length < TAG_SIZE) return null;
  const decipher = nativeDecipher(key, nonce);
  if (decipher) return finish(decipher, ciphertext);
  const webKey = await importWebKey(key);
  if (webKey) return webDecrypt(webKey, nonce, ciphertext);
  const noble = await import('./noble.ts');
  return noble.decrypt(key, nonce, ciphertext);
}

function nativeDecipher(key: Uint8Array, nonce: Uint8Array): Decipher | undefined {
  try {
    return createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_SIZE });
  } catch {
    return undefined;
  }
}

function finish(decipher: Decipher, ciphertext: Uint8Array): Uint8Array | null {
  decipher.setAuthTag(ciphertext.subarray(-TAG_SIZE));
  const plaintext = decipher.update(ciphertext.subarray(0, -TAG_SIZE));
  try {
    decipher.final();
    return plaintext;
  } catch {
    plaintext.fill(0); // what an attacker chose must not be used, and what is ours must not remain
    return null;
  }
}

const WEB_CIPHER = 'ChaCha20-Poly1305';

/** A key of the Web Cryptography API's ChaCha20-Poly1305 (Modern Algorithms, WICG), or nothing where it is not there. */
async function importWebKey(key: Uint8Array): Promise<webcrypto.CryptoKey | undefined> {
  try {
    const format = 'raw-secret' as 'raw'; // newer than the type definitions of the oldest Node that is supported
    return await crypto.subtle.importKey(format, key, WEB_CIPHER, false, ['decrypt']);
  } catch {
    return undefined;
  }
}

async function webDecrypt(
  key: webcrypto.CryptoKey,
  nonce: Uint8Array,
  ciphertext: Uint8Array,
): Promise<Uint8Array | null> {
  try {
    const algorithm = { name: WEB_CIPHER, iv: nonce };
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, ciphertext));
  } catch {
    return null;
  }
}
