import { createCipheriv, createDecipheriv, randomBytes, timingSafeEqual } from 'node:crypto';
import { hmac } from '../age/hkdf.ts';

// Client and agent share a random token. Each proves to the other that it knows it, over two fresh challenges, before
// anything else is said; what follows is encrypted under keys for this connection and this direction.

/** The first bytes of a client, before its challenge. */
export const GREETING = Buffer.from('twvault agent 1\n', 'latin1');
export const CHALLENGE_SIZE = 32;
export const PROOF_SIZE = 32;
export const TOKEN_SIZE = 32;

export const newChallenge = (): Buffer => randomBytes(CHALLENGE_SIZE);

export type Side = 'client' | 'agent';

/** What both sides know once both challenges are known. */
export class Session {
  readonly #token: Uint8Array;
  readonly #challenges: Uint8Array;

  /** @param client the client's challenge @param agent the agent's */
  constructor(token: Uint8Array, client: Uint8Array, agent: Uint8Array) {
    this.#token = token;
    this.#challenges = Buffer.concat([client, agent]);
  }

  /** What shows that a side knows the token. */
  proof(side: Side): Buffer {
    return this.#derive(`proof of the ${side}`);
  }

  isProof(side: Side, proof: Uint8Array): boolean {
    return timingSafeEqual(this.proof(side), proof);
  }

  /** Seals, or opens, what a side sends. */
  cipher(sender: Side): MessageCipher {
    return new MessageCipher(this.#derive(`messages of the ${sender}`));
  }

  #derive(purpose: string): Buffer {
    const label = Buffer.from(`twvault agent v1 ${purpose}\n`, 'latin1');
    return Buffer.from(hmac(this.#token, Buffer.concat([label, this.#challenges])));
  }
}

const CIPHER = 'aes-256-gcm';
const TAG_SIZE = 16;
const LENGTH_SIZE = 4;

/** The messages of one side of one connection, in their order: AES-256-GCM with their number as nonce. */
export class MessageCipher {
  /** Bytes in front of a sealed message, which say how long it is. */
  static readonly lengthSize = LENGTH_SIZE;
  readonly #key: Uint8Array;
  #count = 0;

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  /** The sealed message, its length before it. */
  seal(message: Uint8Array): Buffer {
    const cipher = createCipheriv(CIPHER, this.#key, this.#nonce(), { authTagLength: TAG_SIZE });
    const length = Buffer.alloc(LENGTH_SIZE);
    length.writeUInt32BE(message.length + TAG_SIZE);
    const sealed = [cipher.update(message), cipher.final()];
    return Buffer.concat([length, ...sealed, cipher.getAuthTag()]);
  }

  /** The message. @throws Error where it was altered, or is not the next one */
  open(sealed: Uint8Array): Buffer {
    if (sealed.length < TAG_SIZE) throw new Error('too short');
    const decipher = createDecipheriv(CIPHER, this.#key, this.#nonce(), { authTagLength: TAG_SIZE });
    decipher.setAuthTag(sealed.subarray(-TAG_SIZE));
    const message = decipher.update(sealed.subarray(0, -TAG_SIZE));
    decipher.final();
    return message;
  }

  #nonce(): Uint8Array {
    const nonce = Buffer.alloc(12);
    nonce.writeUInt32BE(this.#count, 8);
    this.#count += 1;
    return nonce;
  }
}
