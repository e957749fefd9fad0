import { again } from '#installation/process';
import type { Variables } from '../system/paths.ts';
import { SET_ASIDE } from './exposure.ts';
import { replaceProcess } from './replace.ts';
import { spawnChild } from './spawn.ts';

/**
 * Starts this program anew without some variables, which a command that it runs gets back.
 * @returns the exit status, where this process could not become the new one
 */
export async function startClean(env: Variables, exposing: readonly string[]): Promise<number> {
  const present = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const aside = present.filter(([name]) => exposing.includes(name));
  const [file, ...args] = again();
  const command = {
    file,
    name: process.argv0,
    args,
    env: {
      ...Object.fromEntries(present.filter(([name]) => !exposing.includes(name))),
      [SET_ASIDE]: JSON.stringify(Object.fromEntries(aside)),
    },
  };
  replaceProcess(command);
  return spawnChild(command);
}
