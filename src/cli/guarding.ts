import { launcher } from '#installation/process';
import { failed, usage } from '../failure.ts';
import { type Done, type Guards, guardsOf } from '../guard/guard.ts';
import { rememberProgram } from '../guard/program.ts';
import type { GitPlace } from '../system/git.ts';
import { hasTerminal } from '../system/terminal.ts';
import type { Context } from './context.ts';
import { hint, say } from './voice.ts';

export interface Options {
  /** Changes a hooks folder that other repositories use too, without asking. */
  readonly yes?: boolean;
}

export const placeOf = ({ cwd, env }: Context): GitPlace => ({ cwd: cwd(), env });

/** @throws Failure exit 2 where no guard is possible */
export const guardsHere = (context: Context): Promise<Guards> => guardsOf(placeOf(context));

/** Whether what is committed is checked. */
export const isGuarded = ({ ruling, all }: Guards): boolean =>
  ruling.isInstalled() || all.some((guard) => guard.kind === 'hook' && guard.isInstalled());

/** Has git scan what is to be committed, and says by which file. */
export async function installGuard(context: Context, guards: Guards, options: Options): Promise<void> {
  const { ruling, idle } = guards;
  if (ruling.kind === 'hook' || ruling.kind === 'husky') await confirmShared(guards, options);
  const program = launcher();
  const done = ruling.install(program);
  if (ruling.kind !== 'hook') rememberProgram(placeOf(context), program);
  say(
    done.isChanged
      ? `commits are checked from now on, by ${ruling.file}`
      : `commits are checked already, by ${ruling.file}`,
  );
  tellNotes(done);
  if (idle !== undefined) {
    hint(`${idle} is configured here but runs no hooks yet: once it does, run twvault guard install again`);
  }
  hint(
    'to commit unchecked: git commit --no-verify, or TWVAULT_GUARD=off git commit to skip this check alone',
  );
}

export function tellNotes({ notes }: Done): void {
  for (const note of notes) say(note);
}

/** A folder that git uses for other repositories too is changed only when the user says so. */
export async function confirmShared(
  { folder: { folder, sharedBy } }: Guards,
  { yes }: Options,
): Promise<void> {
  if (sharedBy === undefined || yes) return;
  const text = `${folder} is outside this repository (core.hooksPath, ${sharedBy} configuration) and may serve others`;
  if (!hasTerminal()) throw usage(text, ['to change it for all of them: --yes']);
  say(text);
  const { askConfirmation } = await import('./prompt.ts');
  if (!(await askConfirmation('Change it for all of them?'))) throw failed('nothing was changed');
}
