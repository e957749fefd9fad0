import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { failed } from '../failure.ts';
import type { Variables } from './paths.ts';
import { repositoryRoot } from './repository.ts';

/**
 * Whether git would take up a new file of this path with `git add .`: it is in a work tree, and nothing ignores it.
 * @param path absolute; its folder exists
 * @throws Failure where there is a repository and git cannot be asked
 */
export function wouldBeCommitted(path: string, env: Variables): boolean {
  const folder = realpathSync(dirname(path));
  const isInside = ask(folder, env, 'rev-parse', '--is-inside-work-tree');
  if (isInside.status === 0 && isInside.stdout.trim() !== 'true') return false;
  if (isInside.status !== 0) {
    if (repositoryRoot(folder) === undefined) return false;
    throw failed(`git does not say whether it would commit ${path}`, [
      'choose a place outside the repository, or see what git status says there',
    ]);
  }
  return ask(folder, env, 'check-ignore', '-q', '--', `./${basename(path)}`).status !== 0;
}

/** The repository of the folder counts, not the one that a hook's variables name. */
function ask(folder: string, env: Variables, ...args: string[]): { status: number | null; stdout: string } {
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => !/^GIT_(?!CONFIG)/.test(name)));
  return spawnSync('git', args, {
    cwd: folder,
    env: own as NodeJS.ProcessEnv,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    windowsHide: true,
  });
}
