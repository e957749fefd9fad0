import { realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Failure, failed } from '../failure.ts';
import { git, gitText, withoutRepository } from './git.ts';
import type { Variables } from './paths.ts';
import { repositoryRoot } from './repository.ts';

/**
 * Whether git would take up a new file of this path with `git add .`: it is in a work tree, and nothing ignores it.
 * @param path absolute; its folder exists
 * @throws Failure where there is a repository and git cannot be asked
 */
export function wouldBeCommitted(path: string, env: Variables): boolean {
  const folder = realpathSync(dirname(path));
  const place = { cwd: folder, env: withoutRepository(env) };
  const isInside = attempt(() => gitText(place, ['rev-parse', '--is-inside-work-tree']));
  if (isInside === undefined) {
    if (repositoryRoot(folder) === undefined) return false;
    throw failed(`git does not say whether it would commit ${path}`, [
      'choose a place outside the repository, or see what git status says there',
    ]);
  }
  if (isInside !== 'true') return false;
  const checking = ['check-ignore', '-q', '--', `./${basename(path)}`];
  return !attempt(() => git(place, checking, { answers: [1] }));
}

/** What git says, or undefined where it fails. */
function attempt<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
