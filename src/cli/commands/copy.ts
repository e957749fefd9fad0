import { Command } from 'commander';
import { profileName } from '../../profile/names.ts';
import { Editor } from '../../vault/editor.ts';
import { type Context, vaultOf } from '../context.ts';
import { say, warn } from '../voice.ts';

export function command(context: Context): Command {
  return new Command('copy')
    .description('copy a profile under a new name')
    .argument('<from>')
    .argument('<to>')
    .addHelpText('after', EXAMPLES)
    .action((from: string, to: string) => copy(context, profileName(from), profileName(to)));
}

async function copy(context: Context, from: string, to: string): Promise<void> {
  const vault = await vaultOf(context);
  const { fields } = await new Editor(vault).copy(from, to);
  say(`copied ${from} to ${to}`);
  if (fields.has('oauth2_refresh_token')) {
    warn('a refresh token works once: whichever profile uses it first leaves the other without');
  }
}

const EXAMPLES = `
To share only the app's keys, let the new profile inherit them: twvault add brand --inherit personal

Examples:
  twvault copy personal personal-test`;
