import type { Stanza } from './stanza.ts';

/** Someone a file is sealed to. */
export interface Recipient {
  /**
   * Wraps the 16-byte file key in one or more stanzas. The file key is lent: it must be neither kept nor
   * changed, since the caller zeroes it afterwards.
   */
  wrapFileKey(fileKey: Uint8Array): Promise<Stanza[]>;
}

/** Someone who can open a file. Asynchronous because the key may sit behind a socket. */
export interface Identity {
  /**
   * Unwraps the 16-byte file key from the first stanza that this identity opens. It is given all stanzas of
   * the header. "Not mine" is null, so that the next identity is tried; "mine, but broken" throws an AgeError.
   * The returned bytes belong to the caller, who zeroes them.
   */
  unwrapFileKey(stanzas: readonly Stanza[]): Promise<Uint8Array | null>;
}
