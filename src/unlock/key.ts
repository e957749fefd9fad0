import type { Identity, Recipient } from '../age/ports.ts';
import type { X25519Identity } from '../age/x25519.ts';
import { type Writer, writerOf } from './writer.ts';

/** What opens, seals and signs the records of a vault. */
export interface VaultKey {
  /** Whoever opens records, the newest first: two while the identity is being exchanged. */
  readonly identities: readonly Identity[];
  /** The ids of the writers whose records are accepted: each identity's own. */
  readonly trusted: readonly string[];
  /** The owner, whom every new record is sealed to. Derived from the identity, never read from a file. */
  readonly recipient: Recipient;
  /** Signs new records. */
  readonly writer: Writer;
}

/** An identity, and the id of its writer. */
export interface Holder {
  readonly identity: X25519Identity;
  readonly writer: string;
}

/** The key of a vault that these identities open, the newest first. What only a write needs is worked out when asked for. */
export function keyOf(holders: readonly [Holder, ...Holder[]]): VaultKey {
  const [{ identity }] = holders;
  return {
    identities: holders.map((holder) => holder.identity),
    trusted: holders.map(({ writer }) => writer),
    get recipient() {
      return identity.recipient();
    },
    get writer() {
      return writerOf(identity);
    },
  };
}
