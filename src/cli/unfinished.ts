import { markerPath, unfinishedRestore } from '../backup/unfinished.ts';
import { notedMigration, placeOf } from '../vault/migration.ts';
import type { Vault } from '../vault/vault.ts';
import { hint, warn } from './voice.ts';

/** Says that a restore or a migration was begun in a vault and cut short, and what ends it. */
export function warnOfUnfinished({ home, config }: Vault): void {
  const restore = unfinishedRestore(home);
  if (restore) {
    warn(`a restore of ${restore.file || 'a backup'} was not finished: some profiles may still be as before`);
    hint(`run it again, or leave it so and remove ${markerPath(home)}`);
  }
  const migration = notedMigration(home);
  if (!migration || migration.to === config.store) return;
  warn(`a move of the profiles to ${placeOf(migration.to)} was not finished: the old store is in use`);
  hint(`twvault migrate --to ${migration.to} finishes it, twvault migrate --delete-source drops it`);
}
