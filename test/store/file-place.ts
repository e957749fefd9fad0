import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { X25519Identity } from '../../src/age/x25519.ts';
import { Failure } from '../../src/failure.ts';
import { FileStore } from '../../src/store/file.ts';
import { keyOf, type VaultKey } from '../../src/unlock/key.ts';
import { writerOf } from '../../src/unlock/writer.ts';
import { temporaryFolder } from '../support/cli.ts';
import type { Place } from './contract.ts';

/** A folder of profile files, with the key that opens them. */
export class FilePlace implements Place {
  readonly directory = join(temporaryFolder(), 'profiles');
  readonly identity: X25519Identity;
  readonly vault: string;
  readonly key: VaultKey;

  constructor(identity = X25519Identity.generate(), vault = 'the-vault') {
    this.identity = identity;
    this.vault = vault;
    this.key = keyOfOne(identity);
    mkdirSync(this.directory);
  }

  open(): FileStore {
    return new FileStore({ directory: this.directory, vault: this.vault, unlock: async () => this.key });
  }

  path(name: string): string {
    return join(this.directory, `${name}.age`);
  }

  copyRecord(from: string, to: string): void {
    copyFileSync(this.path(from), this.path(to));
  }
}

/** The key of a vault that one identity opens. */
export const keyOfOne = (identity: X25519Identity): VaultKey =>
  keyOf([{ identity, writer: writerOf(identity).id }]);

/** The Failure that reading a profile ends in, as `exit code: message`; what else happens is told too. */
export async function refusalOf(store: FileStore, name = 'personal'): Promise<string> {
  try {
    await store.read(name);
    return 'was read';
  } catch (error) {
    if (!(error instanceof Failure)) return `threw ${String(error)}`;
    return `${error.exitCode}: ${error.message}${error.hints.length === 0 ? ' (no hint)' : ''}`;
  }
}
