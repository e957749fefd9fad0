import { chacha20poly1305 } from '@noble/ciphers/chacha.js';

/** Bytes that encryption adds. */
export const TAG_SIZE = 16;

/** ChaCha20-Poly1305 without additional data: ciphertext and tag, into `output` where it is given. */
export function encrypt(
  key: Uint8Array,
  nonce: Uint8Array,
  plaintext: Uint8Array,
  output?: Uint8Array,
): Uint8Array {
  return chacha20poly1305(key, nonce).encrypt(plaintext, output);
}

/** The plaintext, into `output` where it is given, or null where the tag does not fit. */
export function decrypt(
  key: Uint8Array,
  nonce: Uint8Array,
  ciphertext: Uint8Array,
  output?: Uint8Array,
): Uint8Array | null {
  if (ciphertext.length < TAG_SIZE) return null;
  try {
    return chacha20poly1305(key, nonce).decrypt(ciphertext, output);
  } catch {
    return null;
  }
}
