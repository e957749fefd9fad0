import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { FormatError, type Json, object, only, string } from '../profile/json.ts';
import { readPrivate, removePrivate, replaceFile } from '../system/files.ts';
import type { Mode } from './plan.ts';

/** What stands in the home while records are restored: which file, and how. Nothing of it is secret. */
export interface UnfinishedRestore {
  readonly file: string;
  /** SHA-256 of the file, in hexadecimal. */
  readonly sha256: string;
  readonly mode: Mode;
}

const FORMAT = 'twvault-restore-1';
const LIMIT = 64 * 1024;
const MODES: readonly Mode[] = ['add', 'merge', 'replace'];

export const markerPath = (home: string): string => join(home, 'restore.json');
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export function markUnfinished(home: string, restore: UnfinishedRestore): void {
  const text = `${JSON.stringify({ format: FORMAT, ...restore }, null, 2)}\n`;
  replaceFile(markerPath(home), Buffer.from(text));
}

export function markFinished(home: string): void {
  removePrivate(markerPath(home));
}

/** The restore that was begun in a home and not finished, or null. A damaged marker is still one: `file` is empty then. */
export function unfinishedRestore(home: string): UnfinishedRestore | null {
  const bytes = readPrivate(markerPath(home), LIMIT);
  if (!bytes) return null;
  try {
    return restoreFrom(JSON.parse(bytes.toString('utf8')) as Json);
  } catch (error) {
    if (!(error instanceof FormatError) && !(error instanceof SyntaxError)) throw error;
    return { file: '', sha256: '', mode: 'add' };
  }
}

function restoreFrom(value: Json): UnfinishedRestore {
  const members = object(value, 'the marker');
  only(members, 'the marker', 'format file sha256 mode');
  const mode = MODES.find((each) => each === members.get('mode'));
  if (members.get('format') !== FORMAT || !mode) throw new FormatError('the marker is not known');
  return { file: string(members.get('file'), 'file'), sha256: string(members.get('sha256'), 'sha256'), mode };
}
