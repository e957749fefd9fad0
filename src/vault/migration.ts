import { FormatError } from '../profile/json.ts';
import { isProfileName } from '../profile/names.ts';
import { STORES, type StoreKind } from './config.ts';
import { Note } from './note.ts';

/** Stands in the home from the first copy until the old store is deleted. */
export interface Migration {
  readonly to: StoreKind;
  /** The profiles that were copied: a keychain cannot say by itself what it holds. */
  readonly names: readonly string[];
}

export const otherStore = (kind: StoreKind): StoreKind => (kind === 'file' ? 'keychain' : 'file');

/** Where profiles are, in words. */
export const placeOf = (kind: StoreKind): string => (kind === 'file' ? 'encrypted files' : 'the keychain');

const NOTE = new Note<Migration>({
  file: 'migration.json',
  format: 'twvault-migration-1',
  members: 'to names',
  from: (members) => {
    const to = STORES.find((kind) => kind === members.get('to'));
    const names = members.get('names');
    if (!to || !Array.isArray(names)) throw new FormatError('the note is not known');
    return {
      to,
      names: names.filter((name): name is string => typeof name === 'string' && isProfileName(name)),
    };
  },
});

export const noteMigration = (home: string, migration: Migration): void => NOTE.write(home, migration);
export const forgetMigration = (home: string): void => NOTE.remove(home);

/** The migration whose old store is still there, or null. A damaged note says as little as none. */
export function notedMigration(home: string): Migration | null {
  const note = NOTE.read(home);
  return note === 'damaged' ? null : note;
}
