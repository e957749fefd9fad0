import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { usage } from '../failure.ts';
import { type GitPlace, gitText } from '../system/git.ts';
import { isWithin } from './reach.ts';

/** Where a repository's hooks are. */
export interface HooksFolder {
  /** The work tree's top, and the folder from which git takes hooks; absolute. */
  readonly top: string;
  readonly folder: string;
  /** Where files may be changed without asking: the work tree, and the repository's own folder. */
  readonly own: readonly string[];
  /** For a folder outside the repository, which other repositories may use too: where it was set, `global` or the like. */
  readonly sharedBy?: string;
}

/**
 * The hooks folder as git sees it: core.hooksPath, or the one that all work trees of a repository share.
 * @throws Failure exit 2 outside a repository, in a bare one, or where hooks are turned off
 */
export function hooksFolder(place: GitPlace): HooksFolder {
  if (gitText(place, ['rev-parse', '--is-bare-repository']) === 'true') {
    throw usage('this repository is bare: nobody commits in it', ['install the guard where you commit']);
  }
  const top = resolve(place.cwd, gitText(place, ['rev-parse', '--show-toplevel']) ?? '');
  // A relative core.hooksPath counts from the top, where hooks run.
  const atTop = { ...place, cwd: top };
  const folder = resolve(top, gitText(atTop, ['rev-parse', '--git-path', 'hooks']) ?? '');
  checkFolder(folder);
  const common = resolve(top, gitText(atTop, ['rev-parse', '--git-common-dir']) ?? '');
  const own = [top, common];
  if (isWithin(folder, own)) return { top, folder, own };
  const setting = gitText(atTop, ['config', '--show-scope', '--get', 'core.hooksPath'], { answers: [1] });
  return { top, folder, own, sharedBy: setting?.split('\t')[0] || 'unknown' };
}

function checkFolder(folder: string): void {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (!stat || stat.isDirectory()) return;
  throw usage(`hooks are turned off here: core.hooksPath is ${folder}, which is no folder`, [
    'where it was set: git config --show-origin core.hooksPath',
  ]);
}
