import type { Failure } from '../failure.ts';
import type { Profile } from '../profile/profile.ts';

/** A record as it was read, with the revision (SHA-256, hex) of the stored bytes. */
export interface Stored {
  readonly profile: Profile;
  readonly revision: string;
  /** Whether it waits to be sealed to the identity that takes the place of the one that wrote it. */
  readonly isOutdated?: boolean;
}

/** Who signs for the owner of a store. */
export interface Signer {
  /** The signature of a message, base64. */
  sign(message: Uint8Array): Promise<string>;
  /** Whether the owner made this signature. */
  hasSigned(message: Uint8Array, signature: string): Promise<boolean>;
}

/** Where profiles rest. One adapter a file; all of them pass test/store/contract.ts. */
export interface Store {
  /** Absent where the place itself decides who may write; then there are no recipients either. */
  readonly signer?: Signer;

  /** Does whatever may ask the user or take long. Called before a lock is taken; later calls do not wait for it. */
  open(): Promise<void>;

  /**
   * The record of a profile, or null where the store has none.
   * @throws Failure where it cannot be opened, is damaged, altered, another's or not the profile it should be
   */
  read(name: string): Promise<Stored | null>;

  /**
   * Gets everything ready for a record to take the place of the revision that the caller last read (null: there must be
   * none), with a vault's lock held. What is left to do once the record is known is little, and seldom goes wrong.
   * @param growth by how many bytes it may grow; where this is given, its disk space is taken now
   * @param recipients whom it is most likely sealed to besides the owner
   * @throws Conflict where another writer was faster
   */
  reserve(
    name: string,
    expected: string | null,
    growth?: number,
    recipients?: readonly string[],
  ): Promise<Reserved>;

  /**
   * Takes a record away; false where there was none.
   * @throws Failure where the store cannot tell
   */
  remove(name: string): Promise<boolean>;

  /** The names of all profiles, unsorted. */
  names(): Promise<string[]>;

  /** Why a record that was stored once is not there now. */
  explainAbsence(name: string): Promise<Failure>;
}

/** The place of one record, ready to be filled. */
export interface Reserved {
  /**
   * Puts the record in its place, once.
   * @param lastCheck called immediately before the record takes its place; what it throws leaves the old one
   * @returns the new revision
   * @throws Conflict where another writer was faster
   */
  put(profile: Profile, lastCheck: () => void): Promise<string>;

  /** Gives back what was taken, used or not. */
  release(): void;
}

/** The record was changed by someone else between reading and writing. */
export class Conflict extends Error {}
