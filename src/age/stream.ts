import { decrypt, encrypt, TAG_SIZE } from './aead.ts';
import { AgeError } from './error.ts';

/** Plaintext bytes of every chunk but the last (spec: "Payload"). */
const CHUNK_SIZE = 65536;

const SEALED_CHUNK_SIZE = CHUNK_SIZE + TAG_SIZE;
const NONCE_SIZE = 12;

/** Encrypts with STREAM under a 32-byte payload key, which must never be used for another plaintext. */
export async function encryptStream(payloadKey: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array> {
  const count = Math.max(1, Math.ceil(plaintext.length / CHUNK_SIZE));
  const ciphertext = new Uint8Array(plaintext.length + count * TAG_SIZE);
  for (let index = 0; index < count; index++) {
    const chunk = part(plaintext, index, CHUNK_SIZE);
    ciphertext.set(await encrypt(payloadKey, chunkNonce(index, count), chunk), index * SEALED_CHUNK_SIZE);
  }
  return ciphertext;
}

/**
 * Decrypts a whole STREAM. Nothing is given out unless every chunk and the end are right; otherwise throws
 * an AgeError of kind `payload`.
 */
export async function decryptStream(payloadKey: Uint8Array, ciphertext: Uint8Array): Promise<Uint8Array> {
  const count = Math.max(1, Math.ceil(ciphertext.length / SEALED_CHUNK_SIZE));
  const size = ciphertext.length - count * TAG_SIZE;
  const lastChunkSize = size - (count - 1) * CHUNK_SIZE;
  if (lastChunkSize < 0) throw new AgeError('payload', 'the payload is cut short');
  if (lastChunkSize === 0 && count > 1) throw new AgeError('payload', 'the payload ends in an empty chunk');
  const plaintext = new Uint8Array(size);
  for (let index = 0; index < count; index++) {
    const chunk = part(ciphertext, index, SEALED_CHUNK_SIZE);
    const opened = await decrypt(payloadKey, chunkNonce(index, count), chunk);
    if (!opened) {
      plaintext.fill(0);
      throw new AgeError('payload', 'the payload was altered or cut short');
    }
    plaintext.set(opened, index * CHUNK_SIZE);
    opened.fill(0);
  }
  return plaintext;
}

function part(bytes: Uint8Array, index: number, size: number): Uint8Array {
  return bytes.subarray(index * size, (index + 1) * size);
}

/** An 11-byte big-endian counter and the last-chunk flag. 32 bits of counter are 256 TiB. */
function chunkNonce(index: number, count: number): Uint8Array {
  const nonce = new Uint8Array(NONCE_SIZE);
  new DataView(nonce.buffer).setUint32(7, index);
  nonce[NONCE_SIZE - 1] = index === count - 1 ? 1 : 0;
  return nonce;
}
