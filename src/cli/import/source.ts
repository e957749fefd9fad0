import { lstatSync } from 'node:fs';
import { Failure, usage } from '../../failure.ts';
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
  try {
    return { path, assignments: readFile(path) };
  } catch (error) {
    if (!(error instanceof Failure) || error.message.includes(path)) throw error;
    throw new Failure(error.exitCode, `${path}: ${error.message}`, error.hints, error);
  }
}
