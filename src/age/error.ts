/**
 * What went wrong, as a caller can act on it:
 *
 * - `header`     the header, a stanza in it or the payload nonce is malformed
 * - `limit`      well-formed so far, but larger or costlier than this reader or writer accepts
 * - `no-match`   no identity opens this file (for a passphrase: it is wrong)
 * - `mac`        a file key was found, but the header was altered
 * - `payload`    the payload was altered, cut short or extended
 * - `armor`      the ASCII armor is malformed
 * - `key`        an identity, recipient or passphrase given by the caller is malformed
 * - `recipients` the recipients given for sealing cannot go together
 */
export type AgeErrorKind =
  | 'header'
  | 'limit'
  | 'no-match'
  | 'mac'
  | 'payload'
  | 'armor'
  | 'key'
  | 'recipients';

/** Every refusal of this folder. Messages never hold key material, plaintext or bytes of the input. */
export class AgeError extends Error {
  override readonly name = 'AgeError';
  readonly kind: AgeErrorKind;

  constructor(kind: AgeErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
