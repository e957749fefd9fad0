import { Command } from 'commander';
import { profileName } from '../../profile/names.ts';
import { Editor } from '../../vault/editor.ts';
import { agreement } from '../agreement.ts';
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
  if (!yes) {
    const question = `remove ${name} and all its values?`;
    await agreement(context, { question, verb: 'remove', refusal: 'nothing was removed' });
  }
  await editor.remove(name, detach === true);
  say(`removed ${name}`);
}

const EXAMPLES = `
Examples:
  twvault remove old-bot
  twvault remove old-bot --yes
  twvault remove app --detach --yes`;
