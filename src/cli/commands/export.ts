import { resolve } from 'node:path';
import { isatty } from 'node:tty';
import { Command, Option } from 'commander';
import type { ExportFormat } from '../../export/format.ts';
import { EXPORT_FORMATS, type ExportFormatName } from '../../export/formats.ts';
import { type Variable, variablesOf } from '../../export/variable.ts';
import { failed, missing, usage } from '../../failure.ts';
import { DEFAULT_PRESET, isFieldName } from '../../profile/fields.ts';
import { effectiveFields } from '../../profile/inherit.ts';
import { profileName } from '../../profile/names.ts';
import { projectOf } from '../../project/project-file.ts';
import { wouldBeCommitted } from '../../system/committed.ts';
import { createPrivate } from '../../system/files.ts';
import { type Context, vaultOf } from '../context.ts';
import { fieldNames } from '../exec/request.ts';
import { checkFolderOf, isTaken } from '../new-file.ts';
import { allowReveal } from '../reveal.ts';
import { namedValue } from '../value-name.ts';
import { hint, print, say, warn } from '../voice.ts';

interface Options {
  readonly format: ExportFormatName;
  readonly as?: string;
  readonly only?: string;
  readonly output?: string;
  readonly evenInGit?: boolean;
}

export function command(context: Context): Command {
  return new Command('export')
    .description('write the values of a profile in plaintext, for another program')
    .argument('<profile>')
    .addOption(
      new Option('--format <format>', 'how to write them')
        .choices(Object.keys(EXPORT_FORMATS))
        .makeOptionMandatory(),
    )
    .option('--as <preset>', `the names to use (${DEFAULT_PRESET} if not given)`)
    .option('--only <fields>', 'only these fields and extras, separated by commas')
    .option('-o, --output <file>', 'write a new file that only you can read, instead of standard output')
    .option('--even-in-git', 'write the file even where git would commit it')
    .addHelpText('after', helpText())
    .action((name: string, options: Options) => exportProfile(context, profileName(name), options));
}

async function exportProfile(context: Context, profile: string, options: Options): Promise<void> {
  const format: ExportFormat = EXPORT_FORMATS[options.format];
  const path = options.output === undefined ? undefined : resolve(context.cwd(), options.output);
  if (path === undefined && options.evenInGit) throw usage('--even-in-git goes with -o FILE');
  if (path !== undefined) checkPlace(path, context, options);
  if (!format.isFreeOfValues) await allowReveal(context, `the profile ${profile}`);
  const variables = await chosenVariables(context, profile, options);
  const text = format.render(variables, profile);
  if (path !== undefined) createPrivate(path, Buffer.from(text));
  else print(text);
  if (path !== undefined) say(`wrote ${variables.map(({ name }) => name).join(', ')} to ${path}`);
  if (!format.isFreeOfValues) cautions(variables, path);
}

/** Before the vault is opened, so that no passphrase is typed for nothing. */
function checkPlace(path: string, { env }: Context, { evenInGit }: Options): void {
  if (isTaken(path)) throw failed(`${path} exists already`, ['name a new file']);
  checkFolderOf(path);
  if (evenInGit || !wouldBeCommitted(path, env)) return;
  throw failed(`git would commit ${path}, and the keys with it`, [
    'choose a place outside the repository, or have .gitignore name the file; --even-in-git writes it all the same',
    'a program in the repository needs no file: twvault exec -- COMMAND',
  ]);
}

async function chosenVariables(
  context: Context,
  profile: string,
  { as, only }: Options,
): Promise<Variable[]> {
  const preset = await fieldNames(as ?? DEFAULT_PRESET, projectOf(context.cwd()), context.home);
  const names =
    only === undefined ? undefined : new Set(only.split(',').map((name) => namedValue(name.trim())));
  const chain = await (await vaultOf(context)).chain(profile);
  const fields = effectiveFields(chain);
  const extras = chain[0]?.extras ?? new Map();
  for (const name of names ?? []) {
    if (isFieldName(name) ? fields.has(name) : extras.has(name)) continue;
    throw missing(`the profile ${profile} has no ${name}`, [`twvault show ${profile} lists what it has`]);
  }
  const variables = variablesOf(fields, extras, preset, names);
  if (variables.length === 0) throw missing(`the profile ${profile} has no values`);
  return variables;
}

function cautions(variables: readonly Variable[], path: string | undefined): void {
  if (variables.some(({ source }) => source === 'oauth2_refresh_token')) {
    warn('a refresh token works once: whoever refreshes first locks the other out');
    hint('leave it out with --only, unless the other program takes the login over');
  }
  if (path !== undefined) warn(`${path} holds them in plaintext: remove it when it has served`);
  else if (isatty(1)) warn('the values now stand in plaintext in the terminal and in what it remembers');
}

function helpText(): string {
  const formats = Object.entries(EXPORT_FORMATS).map(([name, { about }]) => `  ${name.padEnd(11)} ${about}`);
  return `
Formats:
${formats.join('\n')}

Inherited fields and extras are written too. A field that the preset has no name for is written under its own in upper
case: OAUTH2_REFRESH_TOKEN.

Examples:
  twvault export personal --format dotenv -o ~/bot.env
  twvault export personal --format json --as tutorial --only api_key,api_secret
  eval "$(twvault export personal --format shell)"
  twvault export personal --format github`;
}
