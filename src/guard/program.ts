import { type GitPlace, git } from '../system/git.ts';
import type { Program } from './hook-text.ts';

/** Where the repository's own configuration, which nobody else gets, says how to run twvault. */
const SECTION = 'twvault';

/** For hooks that the project shares: programs with a short PATH, as those with windows, find twvault by it. */
export function rememberProgram(place: GitPlace, { node, script }: Program): void {
  git(place, ['config', '--local', `${SECTION}.node`, node]);
  git(place, ['config', '--local', `${SECTION}.script`, script]);
}

export function forgetProgram(place: GitPlace): void {
  git(place, ['config', '--local', '--remove-section', SECTION], { answers: [128] }); // there may be none
}
