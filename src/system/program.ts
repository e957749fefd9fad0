import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Variables } from './paths.ts';

/** Where to look where there is no PATH. */
export const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';

/**
 * The program that twvault itself starts under a name: the first of PATH's absolute folders that has it counts. What
 * lies in the working folder, which may be a foreign repository, never does.
 * @returns its absolute path, or undefined where there is none
 */
export function programNamed(name: string, env: Variables): string | undefined {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  return absoluteFolders(env)
    .map((folder) => join(folder, file))
    .find(isProgram);
}

/** PATH's absolute folders, in their order. */
export function absoluteFolders(env: Variables): string[] {
  return (env.PATH ?? env.Path ?? DEFAULT_PATH).split(delimiter).filter((folder) => isAbsolute(folder));
}

function isProgram(path: string): boolean {
  try {
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return false;
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
