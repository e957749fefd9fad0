import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { systemCode } from '../failure.ts';

/** Where a path really leads, links followed, as far as it exists. */
function realPlace(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' || path === dirname(path)) throw error;
    return join(realPlace(dirname(path)), basename(path));
  }
}

/** Whether a path lies in one of some folders, by where they all really lead. */
export function isWithin(path: string, folders: readonly string[]): boolean {
  const place = realPlace(path);
  return folders.some((folder) => {
    const way = relative(realPlace(folder), place);
    return !isAbsolute(way) && way !== '..' && !way.startsWith(`..${sep}`);
  });
}
