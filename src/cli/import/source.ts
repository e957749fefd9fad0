import { Failure } from '../../failure.ts';
import { type Reading, readFile } from '../../intake/read.ts';
import { shownPath } from '../../profile/shape.ts';

/**
 * Reads a file to be imported.
 * @throws Failure naming it where it is a link, unreadable, or not of its format
 */
export function sourceFrom(path: string): Reading {
  try {
    return readFile(path);
  } catch (error) {
    if (!(error instanceof Failure) || error.message.includes(path)) throw error;
    throw new Failure(error.exitCode, `${shownPath(path)}: ${error.message}`, error.hints, error);
  }
}
