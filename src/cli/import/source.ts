import { lstatSync } from 'node:fs';
import { usage } from '../../failure.ts';
import type { Source } from '../../intake/candidates.ts';
import { readFile } from '../../intake/read.ts';

/**
 * Reads a file to be imported.
 * @throws Failure naming it where it is a link, unreadable, or not of its format
 */
export function sourceFrom(path: string): Source {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw usage(`${path} is a symbolic link`, ['name the file that it points to']);
  }
  return { path, assignments: readFile(path) };
}
