import { Command } from 'commander';
import { profileName } from '../../profile/names.ts';
import { Editor } from '../../vault/editor.ts';
import { type Context, vaultOf } from '../context.ts';
import { say } from '../voice.ts';

export function command(context: Context): Command {
  return new Command('rename')
    .description('give a profile another name; the default and inheriting profiles follow')
    .argument('<from>')
    .argument('<to>')
    .addHelpText('after', EXAMPLES)
    .action((from: string, to: string) => rename(context, profileName(from), profileName(to)));
}

async function rename(context: Context, from: string, to: string): Promise<void> {
  const vault = await vaultOf(context);
  await new Editor(vault).rename(from, to);
  say(`${from} is now ${to}`);
}

const EXAMPLES = `
A .twvault.json that names the old profile has to be changed by hand.

Examples:
  twvault rename personal main`;
