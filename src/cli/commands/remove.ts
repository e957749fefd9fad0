import { Command } from 'commander';
import { cancelled, usage } from '../../failure.ts';
import { profileName } from '../../profile/names.ts';
import { Editor } from '../../vault/editor.ts';
import { type Context, vaultOf } from '../context.ts';
import { say } from '../voice.ts';

interface Options {
  readonly yes?: boolean;
  readonly detach?: boolean;
}

export function command(context: Context): Command {
  return new Command('remove')
    .description('remove a profile and its values')
    .argument('<profile>')
    .option('-y, --yes', 'do not ask')
    .option('--detach', 'give profiles that inherit from it their own copy first')
    .addHelpText('after', EXAMPLES)
    .action((name: string, options: Options) => remove(context, profileName(name), options));
}

async function remove(context: Context, name: string, { yes, detach }: Options): Promise<void> {
  const vault = await vaultOf(context);
  await vault.checkExists(name);
  const editor = new Editor(vault);
  editor.checkRemovable(name, detach === true);
  if (!yes) await confirm(context, name);
  await editor.remove(name, detach === true);
  say(`removed ${name}`);
}

async function confirm(context: Context, name: string): Promise<void> {
  if (!(await context.terminal()))
    throw usage('there is no terminal to ask on', ['say --yes to remove without asking']);
  const { askConfirmation } = await import('../prompt.ts');
  if (!(await askConfirmation(`remove ${name} and all its values?`))) throw cancelled('nothing was removed');
}

const EXAMPLES = `
Examples:
  twvault remove old-bot
  twvault remove old-bot --yes
  twvault remove app --detach --yes`;
