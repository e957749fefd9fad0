import type { Identity, Recipient } from '../age/ports.ts';
import type { X25519Identity } from '../age/x25519.ts';
import { type Writer, writerOf } from './writer.ts';

/** What opens, seals and signs the records of a vault. */
export interface VaultKey {
  readonly identity: Identity;
  /** The id of the writer whose records are accepted. */
  readonly trusted: string;
  /** Everyone that a new record is sealed to. Derived from the identity, never read from a file. */
  readonly recipients: readonly Recipient[];
  /** Signs new records. */
  readonly writer: Writer;
}

/**
 * The key of a vault whose only recipient is the identity itself. What only a write needs is worked out when it is
 * asked for.
 */
export function keyOf(identity: X25519Identity, trusted: string = writerOf(identity).id): VaultKey {
  return {
    identity,
    trusted,
    get recipients() {
      return [identity.recipient()];
    },
    get writer() {
      return writerOf(identity);
    },
  };
}
