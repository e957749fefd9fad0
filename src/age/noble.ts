import { chacha20poly1305 } from '@noble/ciphers/chacha.js';

/** ChaCha20-Poly1305 without additional data, by @noble/ciphers: ciphertext and tag. */
export function encrypt(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array {
  return chacha20poly1305(key, nonce).encrypt(plaintext);
}

/** The plaintext, or null where the tag does not fit. */
export function decrypt(key: Uint8Array, nonce: Uint8Array, ciphertext: Uint8Array): Uint8Array | null {
  try {
    return chacha20poly1305(key, nonce).decrypt(ciphertext);
  } catch {
    return null;
  }
}
