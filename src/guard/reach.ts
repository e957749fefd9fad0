import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { failed, systemCode } from '../failure.ts';
import { writeText } from '../system/text-file.ts';

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

/**
 * Puts a text in place of a file that lies in one of some folders, also by way of a link: one that came with a clone
 * could mean any file of the user's.
 * @param text latin1, as `readText` gives it
 * @param mode of a new file
 * @throws Failure exit 1 where it leads elsewhere, or cannot be written
 */
export function writeWithin(own: readonly string[], path: string, text: string, mode?: number): void {
  if (!isWithin(path, own))
    throw failed(`${path} leads out of this repository, by a link`, [
      'put the file itself there, or change it by hand',
    ]);
  writeText(path, text, mode);
}
