import { failed } from '../failure.ts';
import type { Context } from './context.ts';
import { recognisedAgent } from './exec/agent.ts';

/**
 * Keeps a value from an AI agent, whose conversation would hold it: only a person at the terminal can allow it. There
 * is no option and no variable for it, since an agent that reads this could give them.
 * @param what is about to be shown, as the beginning of a sentence
 * @throws Failure exit 1
 */
export async function allowReveal({ env }: Pick<Context, 'env'>, what: string): Promise<void> {
  const agent = recognisedAgent(env);
  if (agent === undefined) return;
  const { hasTerminal } = await import('../system/terminal.ts');
  if (hasTerminal()) {
    const { askConfirmation } = await import('./prompt.ts');
    if (await askConfirmation(`${what} would be shown to ${agent}. Show it?`)) return;
  }
  throw failed(`${what} is not shown to ${agent}, unless someone at the terminal allows it`, [
    'a command can use it unseen: twvault exec -- COMMAND',
  ]);
}
