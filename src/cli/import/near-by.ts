import { homedir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { Failure } from '../../failure.ts';
import { candidatesOf } from '../../intake/candidates.ts';
import { usualPlaces } from '../../intake/places.ts';
import type { Reading } from '../../intake/read.ts';
import type { Variables } from '../../system/paths.ts';
import { repositoryRoot } from '../../system/repository.ts';
import { sourceFrom } from './source.ts';

/** The files in the usual places that hold keys of X, with what was read of them. */
export const sourcesNearBy = (folder: string, env: Variables): Reading[] =>
  sourcesIn(placesNearBy(folder, env));

/** The files in the usual places that may hold keys, as they are named from a folder. */
export const placesNearBy = (folder: string, env: Variables): string[] =>
  usualPlaces(folder, env.HOME || homedir()).map((path) => nearPath(folder, path));

/** Whether a file belongs to the project that someone works in, and not to a tool of their home directory. */
export const isOfProject = (folder: string, path: string): boolean =>
  resolve(folder, path).startsWith(join(repositoryRoot(folder) ?? folder, sep));

/** Those of the files that hold keys of X. */
export const sourcesIn = (paths: readonly string[]): Reading[] =>
  paths.flatMap(readQuietly).filter((source) => candidatesOf([source]).candidates.length > 0);

/** The shorter way to write a path: below the folder as it is from there, else from the root. */
function nearPath(folder: string, path: string): string {
  const near = relative(folder, path);
  return near.length < path.length ? near : path;
}

/** What is in the usual places without being readable as keys is nobody's concern here. */
function readQuietly(path: string): Reading[] {
  try {
    return [sourceFrom(path)];
  } catch (error) {
    if (error instanceof Failure) return [];
    throw error;
  }
}
