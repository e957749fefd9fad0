import { Failure } from '../../failure.ts';
import type { Guards } from '../../guard/guard.ts';
import { repositoryRoot } from '../../system/repository.ts';
import type { Context } from '../context.ts';
import { guardsHere, installGuard, isGuarded } from '../guarding.ts';
import { say } from '../voice.ts';
import type { Answers } from './answers.ts';

/** The guard of the repository that the user is in, if there is one. */
export class GuardStep {
  readonly #context: Context;
  readonly #guards: Guards | undefined;

  private constructor(context: Context, guards: Guards | undefined) {
    this.#context = context;
    this.#guards = guards;
  }

  /**
   * Looks whether a guard is possible, and notes what has to be answered for it.
   * @throws Failure where it is asked for and not possible
   */
  static async of(context: Context, answers: Answers): Promise<GuardStep> {
    const isAsked = answers.options.guard === true;
    if (answers.given('guard') === false) return new GuardStep(context, undefined);
    if (!isAsked && repositoryRoot(context.cwd()) === undefined) return new GuardStep(context, undefined);
    try {
      const guards = await guardsHere(context);
      if (!isGuarded(guards)) noteNeeds(guards, answers);
      return new GuardStep(context, guards);
    } catch (error) {
      if (isAsked || !(error instanceof Failure)) throw error;
      say(`no guard is installed: ${error.message}`);
      return new GuardStep(context, undefined);
    }
  }

  async install(answers: Answers): Promise<void> {
    const guards = this.#guards;
    if (!guards) return;
    if (isGuarded(guards)) say('commits are checked already');
    else if (await answers.yes('guard', 'have git stop commits that contain a credential?'))
      await installGuard(this.#context, guards, { yes: answers.options.yes === true });
  }
}

/** A hooks folder that other repositories use takes more than --guard. */
function noteNeeds({ folder: { sharedBy } }: Guards, answers: Answers): void {
  answers.need('guard');
  if (answers.given('guard') && sharedBy !== undefined && !answers.options.yes)
    answers.lack('--no-guard or --yes (the hooks folder serves other repositories too)');
}
