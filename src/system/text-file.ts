import { chmodSync, existsSync, mkdirSync, realpathSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileFailure, replaceFile, statOf } from './files.ts';
import { readForeign } from './foreign-file.ts';

/** Hooks may be programs. */
const LIMIT = 64 * 1024 * 1024;

/**
 * The text of a file that is not ours; null where there is none. As latin1, so that every byte comes back.
 * @throws Failure where it cannot be read
 */
export function readText(path: string): string | null {
  return readForeign(path, LIMIT)?.bytes.toString('latin1') ?? null;
}

/**
 * Puts a text in place of a file wholly or not at all; what a link points to, with the rights that it had.
 * @param text latin1, as `readText` gives it
 * @param mode of a new file
 * @throws Failure where it cannot be written
 */
export function writeText(path: string, text: string, mode = 0o644): void {
  const target = existsSync(path) ? realpathSync(path) : path;
  const rights = (statOf(target)?.mode ?? mode) & 0o7777;
  attempt('create', dirname(target), () => mkdirSync(dirname(target), { recursive: true }));
  replaceFile(target, Buffer.from(text, 'latin1'), undefined, rights);
}

export const removeFile = (path: string): void => attempt('remove', path, () => rmSync(path));

/** Lets everyone run a file. */
export const makeExecutable = (path: string): void =>
  attempt('change the mode of', path, () => chmodSync(path, 0o755));

export function attempt<T>(verb: string, path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw fileFailure(verb, path, error);
  }
}
