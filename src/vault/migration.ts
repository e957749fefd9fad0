import { join } from 'node:path';
import { FormatError, type Json, object, only } from '../profile/json.ts';
import { isProfileName } from '../profile/names.ts';
import { readPrivate, removePrivate, replaceFile } from '../system/files.ts';
import { STORES, type StoreKind } from './config.ts';

/** Stands in the home from the first copy until the old store is deleted. Nothing of it is secret. */
export interface Migration {
  readonly to: StoreKind;
  /** The profiles that were copied: a keychain cannot say by itself what it holds. */
  readonly names: readonly string[];
}

export const otherStore = (kind: StoreKind): StoreKind => (kind === 'file' ? 'keychain' : 'file');

/** Where profiles are, in words. */
export const placeOf = (kind: StoreKind): string => (kind === 'file' ? 'encrypted files' : 'the keychain');

const FORMAT = 'twvault-migration-1';
const LIMIT = 1024 * 1024;

const migrationPath = (home: string): string => join(home, 'migration.json');

export function noteMigration(home: string, migration: Migration): void {
  const text = `${JSON.stringify({ format: FORMAT, ...migration }, null, 2)}\n`;
  replaceFile(migrationPath(home), Buffer.from(text));
}

export function forgetMigration(home: string): void {
  removePrivate(migrationPath(home));
}

/** The migration whose old store is still there, or null. A damaged note says as little as none. */
export function notedMigration(home: string): Migration | null {
  const bytes = readPrivate(migrationPath(home), LIMIT);
  if (!bytes) return null;
  try {
    return migrationFrom(JSON.parse(bytes.toString('utf8')) as Json);
  } catch (error) {
    if (!(error instanceof FormatError) && !(error instanceof SyntaxError)) throw error;
    return null;
  }
}

function migrationFrom(value: Json): Migration {
  const members = object(value, 'the note');
  only(members, 'the note', 'format to names');
  const to = STORES.find((kind) => kind === members.get('to'));
  const names = members.get('names');
  if (members.get('format') !== FORMAT || !to || !Array.isArray(names)) {
    throw new FormatError('the note is not known');
  }
  return {
    to,
    names: names.filter((name): name is string => typeof name === 'string' && isProfileName(name)),
  };
}
