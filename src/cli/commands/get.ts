import { Command } from 'commander';
import { missing } from '../../failure.ts';
import { isFieldName } from '../../profile/fields.ts';
import { effectiveFields } from '../../profile/inherit.ts';
import { profileName } from '../../profile/names.ts';
import { type Context, vaultOf } from '../context.ts';
import { allowReveal } from '../reveal.ts';
import { namedValue } from '../value-name.ts';
import { print } from '../voice.ts';

export function command(context: Context): Command {
  return new Command('get')
    .description('print one value')
    .argument('<profile>')
    .argument('<name>', 'a field (api_key, access_token, ...) or an extra')
    .addHelpText('after', EXAMPLES)
    .action((profile: string, name: string) => get(context, profileName(profile), namedValue(name)));
}

async function get(context: Context, profile: string, name: string): Promise<void> {
  await allowReveal(context, `${name} of ${profile}`);
  const chain = await (await vaultOf(context)).chain(profile);
  const value = isFieldName(name) ? effectiveFields(chain).get(name) : chain[0]?.extras.get(name);
  if (!value)
    throw missing(`the profile ${profile} has no ${name}`, [`twvault show ${profile} lists what it has`]);
  print(`${value.secret.reveal()}\n`);
}

const EXAMPLES = `
Examples:
  twvault get personal bearer_token
  curl -H @<(printf 'Authorization: Bearer '; twvault get personal bearer_token) https://api.x.com/2/usage/tweets`;
