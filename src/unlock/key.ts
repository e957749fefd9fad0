import type { Identity, Recipient } from '../age/ports.ts';
import type { X25519Identity } from '../age/x25519.ts';
import { type Writer, writerOf } from './writer.ts';

/** What opens, seals and signs the records of a vault. */
export interface VaultKey {
  readonly identity: Identity;
  /** Everyone that a new record is sealed to. Derived from the identity, never read from a file. */
  readonly recipients: readonly Recipient[];
  readonly writer: Writer;
}

/** The key of a vault whose only recipient is the identity itself. */
export function keyOf(identity: X25519Identity): VaultKey {
  return { identity, recipients: [identity.recipient()], writer: writerOf(identity) };
}
