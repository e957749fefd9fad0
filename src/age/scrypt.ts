import { randomBytes, scrypt } from 'node:crypto';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { AgeError } from './error.ts';
import { checkBody, decryptFileKey, encryptFileKey } from './filekey.ts';
import { parseHeader } from './header.ts';
import type { Identity, Recipient } from './ports.ts';
import type { Stanza } from './stanza.ts';

/** Work factors are powers of two: 2^17 takes about 0.3 s and 128 MiB, and each step doubles both. */
const DEFAULT_LOG_N = 18;
const MIN_WRITE_LOG_N = 17;
const MAX_WRITE_LOG_N = 19;
const DEFAULT_MAX_LOG_N = 19;

const TYPE = 'scrypt';
const LABEL = Buffer.from('age-encryption.org/v1/scrypt');
const SALT_SIZE = 16;
const BLOCK_SIZE = 8;

/** A passphrase to seal under (spec: "The scrypt recipient type"). It must be the only recipient. */
export class ScryptRecipient implements Recipient {
  readonly #passphrase: string;
  readonly #logN: number;

  /**
   * The passphrase is used as it is, in UTF-8. Throws an AgeError of kind `key` for an empty one, and of
   * kind `limit` for a work factor outside 17..19.
   */
  constructor(passphrase: string, logN: number = DEFAULT_LOG_N) {
    if (!Number.isInteger(logN) || logN < MIN_WRITE_LOG_N || logN > MAX_WRITE_LOG_N) {
      throw new AgeError('limit', `the scrypt work factor must be ${MIN_WRITE_LOG_N} to ${MAX_WRITE_LOG_N}`);
    }
    this.#passphrase = checkPassphrase(passphrase);
    this.#logN = logN;
  }

  /** See Recipient. */
  async wrapFileKey(fileKey: Uint8Array): Promise<Stanza[]> {
    const salt = randomBytes(SALT_SIZE);
    const key = await wrapKey(this.#passphrase, salt, this.#logN);
    const body = await encryptFileKey(key, fileKey);
    key.fill(0);
    return [{ type: TYPE, args: [encodeBase64(salt), String(this.#logN)], body }];
  }
}

/** A passphrase to open with. */
export class ScryptIdentity implements Identity {
  readonly #passphrase: string;
  readonly #maxLogN: number;

  /** Files whose work factor is above `maxLogN` are refused. Throws `key` for an empty passphrase. */
  constructor(passphrase: string, options: { maxLogN?: number } = {}) {
    this.#passphrase = checkPassphrase(passphrase);
    this.#maxLogN = options.maxLogN ?? DEFAULT_MAX_LOG_N;
  }

  /**
   * See Identity; null also stands for a wrong passphrase. Before the costly derivation, throws an AgeError
   * of kind `header` for a malformed or accompanied stanza, or `limit` for too high a work factor.
   */
  async unwrapFileKey(stanzas: readonly Stanza[]): Promise<Uint8Array | null> {
    const stanza = findStanza(stanzas);
    if (!stanza) return null;
    const { salt, logN } = parseStanza(stanza);
    if (logN > this.#maxLogN) {
      throw new AgeError('limit', `the scrypt work factor is above ${this.#maxLogN}`);
    }
    const key = await wrapKey(this.#passphrase, salt, logN);
    const fileKey = await decryptFileKey(key, stanza.body);
    key.fill(0);
    return fileKey;
  }
}

/**
 * The scrypt work factor (log2 of N) that a binary file names, or null where it is not a passphrase file.
 * Anyone can write any factor: use it to warn below 17, never to choose one for writing. Throws as
 * parseHeader does, and `header` for a malformed scrypt stanza.
 */
export function scryptWorkFactor(file: Uint8Array): number | null {
  const stanza = findStanza(parseHeader(file).stanzas);
  return stanza && parseStanza(stanza).logN;
}

function findStanza(stanzas: readonly Stanza[]): Stanza | null {
  const stanza = stanzas.find(({ type }) => type === TYPE);
  if (stanza && stanzas.length > 1) throw new AgeError('header', 'a scrypt stanza is not the only one');
  return stanza ?? null;
}

function parseStanza({ args, body }: Stanza): { salt: Uint8Array; logN: number } {
  const [saltText = '', logNText = ''] = args;
  const salt = decodeBase64(saltText);
  if (args.length !== 2 || salt?.length !== SALT_SIZE || !/^[1-9][0-9]*$/.test(logNText)) {
    throw new AgeError('header', 'malformed scrypt stanza');
  }
  checkBody(body);
  return { salt, logN: Number(logNText) };
}

function checkPassphrase(passphrase: string): string {
  if (passphrase === '') throw new AgeError('key', 'the passphrase is empty');
  return passphrase;
}

/** Off the main thread, so that a spinner and signals keep working. */
function wrapKey(passphrase: string, salt: Uint8Array, logN: number): Promise<Uint8Array> {
  const cost = 2 ** logN;
  const options = { N: cost, r: BLOCK_SIZE, p: 1, maxmem: 128 * BLOCK_SIZE * (cost + 4) };
  const password = Buffer.from(passphrase, 'utf8');
  return new Promise((resolve, reject) => {
    scrypt(password, Buffer.concat([LABEL, salt]), 32, options, (error, key) => {
      password.fill(0);
      if (!error) return resolve(key);
      reject(new AgeError('limit', `scrypt could not run at work factor ${logN}`, { cause: error }));
    });
  });
}
