import { type KeyObject, randomBytes } from 'node:crypto';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { decodeBech32, encodeBech32 } from './bech32.ts';
import { POINT_SIZE, publicPoint, secretKey, sharedSecret } from './curve.ts';
import { AgeError } from './error.ts';
import { checkBody, decryptFileKey, encryptFileKey } from './filekey.ts';
import { hkdf } from './hkdf.ts';
import type { Identity, Recipient } from './ports.ts';
import type { Stanza } from './stanza.ts';

const TYPE = 'X25519';
const INFO = 'age-encryption.org/v1/X25519';
const IDENTITY_HRP = 'age-secret-key-';
const RECIPIENT_HRP = 'age';

/** The public half: `age1...` (spec: "The X25519 recipient type"). */
export class X25519Recipient implements Recipient {
  readonly #point: Uint8Array;

  private constructor(point: Uint8Array) {
    this.#point = point;
  }

  /** Reads `age1...`, lower case only, as age does. Throws an AgeError of kind `key`. */
  static parse(text: string): X25519Recipient {
    const point = text === text.toLowerCase() ? decodeBech32(RECIPIENT_HRP, text) : null;
    if (point?.length !== POINT_SIZE) throw new AgeError('key', 'malformed age recipient');
    return new X25519Recipient(point);
  }

  /** The recipient of a 32-byte public point. */
  static fromPoint(point: Uint8Array): X25519Recipient {
    return new X25519Recipient(Uint8Array.from(point));
  }

  /** `age1...`, which is no secret. */
  encode(): string {
    return encodeBech32(RECIPIENT_HRP, this.#point);
  }

  /** See Recipient. Throws an AgeError of kind `key` for a low-order point, which nobody can hold. */
  async wrapFileKey(fileKey: Uint8Array): Promise<Stanza[]> {
    const scalar = randomBytes(POINT_SIZE);
    const ephemeral = secretKey(scalar);
    scalar.fill(0);
    const share = publicPoint(ephemeral);
    const shared = sharedSecret(ephemeral, this.#point);
    if (!shared) throw new AgeError('key', 'the age recipient is a low-order point');
    const key = wrapKey(shared, share, this.#point);
    const body = await encryptFileKey(key, fileKey);
    key.fill(0);
    return [{ type: TYPE, args: [encodeBase64(share)], body }];
  }
}

/**
 * The secret half: `AGE-SECRET-KEY-1...`. The key sits in private fields only, so printing, inspecting or
 * serialising the object shows nothing of it; encode() is the one way out.
 */
export class X25519Identity implements Identity {
  readonly #scalar: Uint8Array;
  readonly #secret: KeyObject;
  readonly #point: Uint8Array;

  private constructor(scalar: Uint8Array) {
    this.#scalar = scalar;
    this.#secret = secretKey(scalar);
    this.#point = publicPoint(this.#secret);
  }

  /** A new identity from the system's random generator. */
  static generate(): X25519Identity {
    return new X25519Identity(randomBytes(POINT_SIZE));
  }

  /** Reads `AGE-SECRET-KEY-1...`, upper case only, as age does. Throws an AgeError of kind `key`. */
  static parse(text: string): X25519Identity {
    const scalar = text === text.toUpperCase() ? decodeBech32(IDENTITY_HRP, text) : null;
    if (scalar?.length !== POINT_SIZE) throw new AgeError('key', 'malformed age identity');
    return new X25519Identity(scalar);
  }

  /** The secret itself, `AGE-SECRET-KEY-1...`. A JavaScript string cannot be zeroed: keep it short-lived. */
  encode(): string {
    return encodeBech32(IDENTITY_HRP, this.#scalar).toUpperCase();
  }

  /** The recipient that this identity opens. */
  recipient(): X25519Recipient {
    return X25519Recipient.fromPoint(this.#point);
  }

  /**
   * A 32-byte key for another purpose: HKDF-SHA-256(ikm = scalar, salt = empty, info). A caller's `info`
   * must be its own domain string, never one of the spec's. The caller zeroes the result.
   */
  deriveKey(info: string): Uint8Array {
    return hkdf(this.#scalar, new Uint8Array(0), info);
  }

  /** Zeroes the scalar of an identity that is not used again. OpenSSL's copy goes with the process. */
  wipe(): void {
    this.#scalar.fill(0);
  }

  /** See Identity. Throws an AgeError of kind `header` for a malformed X25519 stanza. */
  async unwrapFileKey(stanzas: readonly Stanza[]): Promise<Uint8Array | null> {
    for (const stanza of stanzas) {
      if (stanza.type !== TYPE) continue;
      const fileKey = await this.#unwrap(stanza);
      if (fileKey) return fileKey;
    }
    return null;
  }

  async #unwrap({ args, body }: Stanza): Promise<Uint8Array | null> {
    const [text = ''] = args;
    const share = args.length === 1 ? decodeBase64(text) : null;
    if (share?.length !== POINT_SIZE) throw new AgeError('header', 'malformed X25519 stanza');
    checkBody(body);
    const shared = sharedSecret(this.#secret, share);
    if (!shared) throw new AgeError('header', 'an X25519 share is a low-order point');
    const key = wrapKey(shared, share, this.#point);
    const fileKey = await decryptFileKey(key, body);
    key.fill(0);
    return fileKey;
  }
}

/** Derives the wrap key and zeroes the shared secret. */
function wrapKey(shared: Uint8Array, share: Uint8Array, point: Uint8Array): Uint8Array {
  const key = hkdf(shared, Buffer.concat([share, point]), INFO);
  shared.fill(0);
  return key;
}
