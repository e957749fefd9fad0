import { Command } from 'commander';
import { missing } from '../../failure.ts';
import { isFieldName } from '../../profile/fields.ts';
import { profileName } from '../../profile/names.ts';
import { Editor } from '../../vault/editor.ts';
import { type Context, vaultOf } from '../context.ts';
import { namedValue } from '../value-name.ts';
import { say } from '../voice.ts';

export function command(context: Context): Command {
  return new Command('unset')
    .description('remove one value of a profile')
    .argument('<profile>')
    .argument('<name>', 'a field or an extra')
    .addHelpText('after', EXAMPLES)
    .action((profile: string, name: string) => unset(context, profileName(profile), namedValue(name)));
}

async function unset(context: Context, profile: string, name: string): Promise<void> {
  const vault = await vaultOf(context);
  const { fields, extras } = await vault.read(profile);
  const isKnown = isFieldName(name) ? fields.has(name) : extras.has(name);
  if (!isKnown) throw missing(`the profile ${profile} has no ${name} of its own`);
  const change = isFieldName(name)
    ? { fields: new Map([[name, undefined]]) }
    : { extras: new Map([[name, undefined]]) };
  await new Editor(vault).update(profile, change);
  say(`removed ${name} from ${profile}`);
}

const EXAMPLES = `
Examples:
  twvault unset personal bearer_token
  twvault unset personal OPENAI_API_KEY`;
