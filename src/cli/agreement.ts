import { cancelled, usage } from '../failure.ts';
import type { Context } from './context.ts';

interface Question {
  readonly question: string;
  /** What --yes does without asking: `remove`. */
  readonly verb: string;
  /** What a refusal leaves: `nothing was removed`. */
  readonly refusal: string;
}

/** Goes on only where the person on the terminal agrees. @throws Failure exit 130 where not, exit 2 without a terminal */
export async function agreement(context: Context, { question, verb, refusal }: Question): Promise<void> {
  if (!(await context.terminal()))
    throw usage('there is no terminal to ask on', [`say --yes to ${verb} without asking`]);
  const { askConfirmation } = await import('./prompt.ts');
  if (!(await askConfirmation(question))) throw cancelled(refusal);
}
