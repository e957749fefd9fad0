import { randomBytes, timingSafeEqual } from 'node:crypto';
import { AgeError } from './error.ts';
import { FILE_KEY_SIZE } from './filekey.ts';
import { encodeCovered, encodeHeader, parseHeader } from './header.ts';
import { hkdf, hmac } from './hkdf.ts';
import type { Identity, Recipient } from './ports.ts';
import type { Stanza } from './stanza.ts';
import { decryptStream, encryptStream } from './stream.ts';

const PAYLOAD_NONCE_SIZE = 16;

// File and payload keys are zeroed after use. That narrows the window and promises no more: JavaScript may
// have copied them (garbage collector, noble's working state, OpenSSL), and strings cannot be zeroed at all.

/**
 * Seals bytes to one or more recipients, as a binary age v1 file. Throws an AgeError of kind `recipients`
 * where there is none or a passphrase is not alone, `limit` past 32 stanzas or 64 KiB of header.
 */
export async function seal(plaintext: Uint8Array, recipients: readonly Recipient[]): Promise<Uint8Array> {
  return (await prepareSeal(recipients))(plaintext);
}

/**
 * All of `seal` that can be done before the plaintext is known. What comes back seals once: two plaintexts under one
 * payload key would give both away. Throws like `seal`.
 */
export async function prepareSeal(
  recipients: readonly Recipient[],
): Promise<(plaintext: Uint8Array) => Promise<Uint8Array>> {
  if (recipients.length === 0) throw new AgeError('recipients', 'there is no recipient to seal to');
  const fileKey = randomBytes(FILE_KEY_SIZE);
  try {
    const covered = encodeCovered(await wrapFileKey(fileKey, recipients));
    const header = encodeHeader(covered, headerMac(fileKey, covered));
    const nonce = randomBytes(PAYLOAD_NONCE_SIZE);
    let unused: Uint8Array | undefined = hkdf(fileKey, nonce, 'payload');
    return async (plaintext) => {
      const key = unused;
      if (!key) throw new Error('a prepared seal is used once');
      unused = undefined;
      const stream = await encryptStream(key, plaintext);
      key.fill(0);
      return Buffer.concat([header, nonce, stream]);
    };
  } finally {
    fileKey.fill(0);
  }
}

/**
 * Opens a binary age v1 file with the first identity that fits. Armored files are not looked for: call
 * decodeArmor first, which keeps armor out of what a plain open has to load. Throws an AgeError of kind
 * `header`, `limit`, `no-match`, `mac` or `payload`. No plaintext comes out unless all of it is right.
 */
export async function open(file: Uint8Array, identities: readonly Identity[]): Promise<Uint8Array> {
  const { stanzas, mac, covered, size } = parseHeader(file);
  const fileKey = await unwrapFileKey(stanzas, identities);
  try {
    if (!timingSafeEqual(headerMac(fileKey, covered), mac)) {
      throw new AgeError('mac', 'the header was altered');
    }
    return await openPayload(fileKey, file.subarray(size));
  } finally {
    fileKey.fill(0);
  }
}

async function wrapFileKey(fileKey: Uint8Array, recipients: readonly Recipient[]): Promise<Stanza[]> {
  const stanzas: Stanza[] = [];
  for (const recipient of recipients) stanzas.push(...(await recipient.wrapFileKey(fileKey)));
  if (stanzas.length > 1 && stanzas.some(({ type }) => type === 'scrypt')) {
    throw new AgeError('recipients', 'a passphrase must be the only recipient');
  }
  return stanzas;
}

async function unwrapFileKey(
  stanzas: readonly Stanza[],
  identities: readonly Identity[],
): Promise<Uint8Array> {
  for (const identity of identities) {
    const fileKey = await identity.unwrapFileKey(stanzas);
    if (!fileKey) continue;
    if (fileKey.length !== FILE_KEY_SIZE) throw new AgeError('header', 'a file key is not 16 bytes long');
    return fileKey;
  }
  throw new AgeError('no-match', 'no identity opens this file');
}

function headerMac(fileKey: Uint8Array, covered: Uint8Array): Uint8Array {
  const key = hkdf(fileKey, new Uint8Array(0), 'header');
  const mac = hmac(key, covered);
  key.fill(0);
  return mac;
}

async function openPayload(fileKey: Uint8Array, payload: Uint8Array): Promise<Uint8Array> {
  // The spec's test vectors count a missing nonce among the header's faults.
  if (payload.length < PAYLOAD_NONCE_SIZE) throw new AgeError('header', 'the payload nonce is cut short');
  const key = hkdf(fileKey, payload.subarray(0, PAYLOAD_NONCE_SIZE), 'payload');
  try {
    return await decryptStream(key, payload.subarray(PAYLOAD_NONCE_SIZE));
  } finally {
    key.fill(0);
  }
}
