import { decrypt, encrypt, TAG_SIZE } from './aead.ts';
import { AgeError } from './error.ts';

/** Length of a file key in bytes (spec: "File key"). */
export const FILE_KEY_SIZE = 16;

// Fixed by the spec, and safe because a wrap key wraps one file key only.
const ZERO_NONCE = new Uint8Array(12);

/** A stanza body: the file key under a wrap key that is used for nothing else. */
export async function encryptFileKey(wrapKey: Uint8Array, fileKey: Uint8Array): Promise<Uint8Array> {
  return encrypt(wrapKey, ZERO_NONCE, fileKey);
}

/** The file key in a stanza body, or null where the wrap key does not fit. */
export async function decryptFileKey(wrapKey: Uint8Array, body: Uint8Array): Promise<Uint8Array | null> {
  checkBody(body);
  return decrypt(wrapKey, ZERO_NONCE, body);
}

/** Refuses a body that cannot hold a file key, before any key is tried (spec: partitioning oracles). */
export function checkBody(body: Uint8Array): void {
  if (body.length !== FILE_KEY_SIZE + TAG_SIZE) {
    throw new AgeError('header', 'a stanza does not hold a 16-byte file key');
  }
}
