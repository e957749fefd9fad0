import { createHash } from 'node:crypto';
import { FormatError, string } from '../profile/json.ts';
import { Note } from '../vault/note.ts';
import type { Mode } from './plan.ts';

/** What stands in the home while records are restored: which file, and how. */
export interface UnfinishedRestore {
  readonly file: string;
  /** SHA-256 of the file, in hexadecimal. */
  readonly sha256: string;
  readonly mode: Mode;
}

const MODES: readonly Mode[] = ['add', 'merge', 'replace'];

const NOTE = new Note<UnfinishedRestore>({
  file: 'restore.json',
  format: 'twvault-restore-1',
  members: 'file sha256 mode',
  from: (members) => {
    const mode = MODES.find((each) => each === members.get('mode'));
    if (!mode) throw new FormatError('the mode is not known');
    return {
      file: string(members.get('file'), 'file'),
      sha256: string(members.get('sha256'), 'sha256'),
      mode,
    };
  },
});

export const markerPath = (home: string): string => NOTE.path(home);
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const markUnfinished = (home: string, restore: UnfinishedRestore): void => NOTE.write(home, restore);
export const markFinished = (home: string): void => NOTE.remove(home);

/** The restore that was begun in a home and not finished, or null. A damaged marker is still one: `file` is empty then. */
export function unfinishedRestore(home: string): UnfinishedRestore | null {
  const marker = NOTE.read(home);
  return marker === 'damaged' ? { file: '', sha256: '', mode: 'add' } : marker;
}
