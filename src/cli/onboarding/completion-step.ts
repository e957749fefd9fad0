import { Failure, usage } from '../../failure.ts';
import { completeIn } from '../completion/aloud.ts';
import { completionFiles, isCompleted, shellOf } from '../completion/install.ts';
import { SHELLS, type Shell } from '../completion/scripts.ts';
import type { Context } from '../context.ts';
import { warn } from '../voice.ts';
import type { Answers } from './answers.ts';

/** Completion in the user's shell, where it is one that can complete and does not yet. */
export class CompletionStep {
  readonly #context: Context;
  readonly #shell: Shell | undefined;

  private constructor(context: Context, shell: Shell | undefined) {
    this.#context = context;
    this.#shell = shell;
  }

  /** @throws Failure exit 2 where completion is asked for and the shell cannot be told */
  static async of(context: Context, answers: Answers): Promise<CompletionStep> {
    const shell = shellOf(context.env);
    if (!shell && answers.options.completion === true)
      throw usage('SHELL names no shell that can complete', [
        `leave --completion out, or name one: twvault completion install ${SHELLS.join('|')}`,
      ]);
    const isOpen = shell !== undefined && answers.given('completion') !== false;
    const step = new CompletionStep(context, isOpen && !(await isThere(shell, context)) ? shell : undefined);
    if (step.#shell) answers.need('completion');
    return step;
  }

  /** Whatever goes wrong here, the bot can run. */
  async install(answers: Answers): Promise<void> {
    const shell = this.#shell;
    if (!shell) return;
    const { env } = this.#context;
    const files = (await completionFiles(shell, env)).map((file) => shortPath(file, env)).join(' and ');
    const question = `complete commands and profiles in ${shell}? (writes ${files})`;
    if (!(await answers.yes('completion', question))) return;
    try {
      await completeIn(shell, env);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      warn(`no completion: ${error.message}`);
    }
  }
}

/** `~/.bashrc` */
const shortPath = (path: string, { HOME }: Context['env']): string =>
  HOME && path.startsWith(`${HOME}/`) ? `~${path.slice(HOME.length)}` : path;

/** A shell that has to be asked for its places, and is not there, gets nothing. */
async function isThere(shell: Shell, { env }: Context): Promise<boolean> {
  try {
    return await isCompleted(shell, env);
  } catch (error) {
    if (error instanceof Failure) return true;
    throw error;
  }
}
