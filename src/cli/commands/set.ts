import { Command } from 'commander';
import { type Cleaned, cleanExtra, cleanField } from '../../profile/clean.ts';
import { type FieldName, fieldOf, isFieldName } from '../../profile/fields.ts';
import { profileName } from '../../profile/names.ts';
import type { Secret } from '../../profile/secret.ts';
import { shapeWarnings } from '../../profile/shape.ts';
import { Editor } from '../../vault/editor.ts';
import { type Context, vaultOf } from '../context.ts';
import { counted } from '../counted.ts';
import { valueFromUser } from '../input.ts';
import { namedValue } from '../value-name.ts';
import { say, warn } from '../voice.ts';

export function command(context: Context): Command {
  return new Command('set')
    .description('store one value of a profile, asked for or from standard input')
    .argument('<profile>')
    .argument('<name>', 'a field (api_key, access_token, ...) or an extra in upper case')
    .addHelpText('after', EXAMPLES)
    .action((profile: string, name: string) => set(context, profileName(profile), namedValue(name)));
}

async function set(context: Context, profile: string, name: string): Promise<void> {
  const vault = await vaultOf(context);
  await vault.checkExists(profile);
  await vault.store.open();
  const text = await valueFromUser(isFieldName(name) ? fieldOf(name).label : name, context);
  const { secret, removed } = clean(name, text);
  if (removed.length > 0) say(`${name}: took off ${removed.join(' and ')}`);
  await new Editor(vault).update(profile, change(name, secret));
  if (isFieldName(name)) for (const text of shapeWarnings(new Map([[name, secret]]))) warn(text);
  say(`stored ${name} of ${profile} (${counted(secret.length, 'character')})`);
}

function clean(name: string, text: string): Cleaned {
  return isFieldName(name) ? cleanField(name, text) : cleanExtra(name, text);
}

function change(name: string, secret: Secret) {
  return isFieldName(name)
    ? { fields: new Map<FieldName, Secret>([[name, secret]]) }
    : { extras: new Map([[name, secret]]) };
}

const EXAMPLES = `
Examples:
  twvault set personal bearer_token
  twvault set personal OPENAI_API_KEY < key.txt
  pbpaste | twvault set brand access_token`;
