import { markerPath, unfinishedRestore } from '../backup/unfinished.ts';
import { notedMigration, placeOf } from '../vault/migration.ts';
import type { Vault } from '../vault/vault.ts';
import { hint, warn } from './voice.ts';

/** Something that was begun in a vault and cut short, and what ends it. */
interface Unfinished {
  readonly text: string;
  readonly hint: string;
}

/** Restores and migrations that were not finished. */
export function unfinishedIn({ home, config }: Vault): Unfinished[] {
  return [...restores(home), ...migrations(home, config.store)];
}

export function warnOfUnfinished(vault: Vault): void {
  for (const unfinished of unfinishedIn(vault)) {
    warn(unfinished.text);
    hint(unfinished.hint);
  }
}

function restores(home: string): Unfinished[] {
  const restore = unfinishedRestore(home);
  if (!restore) return [];
  return [
    {
      text: `a restore of ${restore.file || 'a backup'} was not finished: some profiles may still be as before`,
      hint: `run it again, or leave it so and remove ${markerPath(home)}`,
    },
  ];
}

function migrations(home: string, store: Vault['config']['store']): Unfinished[] {
  const migration = notedMigration(home);
  if (!migration || migration.to === store) return [];
  return [
    {
      text: `a move of the profiles to ${placeOf(migration.to)} was not finished: the old store is in use`,
      hint: `twvault migrate --to ${migration.to} finishes it, twvault migrate --delete-source drops it`,
    },
  ];
}
