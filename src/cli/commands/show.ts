import { Command } from 'commander';
import { FIELDS, PRESETS, presetNames } from '../../profile/fields.ts';
import { profileName } from '../../profile/names.ts';
import { columns } from '../columns.ts';
import { type Context, chosen, vaultOf } from '../context.ts';
import { accountText, ageOf, type ProfileReport, reportOf } from '../profile-report.ts';
import { print, printJson } from '../voice.ts';

export function command(context: Context): Command {
  return new Command('show')
    .description('show what a profile has, without its values')
    .argument('[profile]', 'the one that exec would use, if not given')
    .option('--json', 'as JSON')
    .addHelpText('after', helpText())
    .action((name: string | undefined, options: { json?: boolean }) =>
      show(context, name, options.json === true),
    );
}

async function show(context: Context, option: string | undefined, isJson: boolean): Promise<void> {
  const vault = await vaultOf(context);
  const name = option === undefined ? (await chosen(context, vault, undefined)).name : profileName(option);
  await vault.checkExists(name);
  const report = reportOf(vault, name);
  if (isJson) printJson(report);
  else print(textOf(report));
}

function textOf(report: ProfileReport): string {
  const { name, account, store, inherit, rotation, recipients, fields, extras } = report;
  const rows = [
    ['profile', report.isDefault ? `${name} (the default)` : name],
    ['account', accountText(account)],
    ['store', store],
    ...(inherit === null ? [] : [['inherits', inherit]]),
    ...(rotation === null
      ? []
      : [['rotation', `begun ${ageText(rotation)}, continue with twvault rotate ${name}`]]),
    ...recipients.map((recipient) => ['opened by', recipient]),
    ...Object.entries(fields).map(([field, { set, from }]) => [
      field,
      `set ${ageText(set)}${from === name ? '' : `, from ${from}`}`,
    ]),
    ...Object.entries(extras).map(([extra, { set }]) => [extra, `set ${ageText(set)}`]),
  ];
  return columns(rows);
}

function ageText(set: string): string {
  const age = ageOf(set);
  return age === 'today' ? age : `${age} ago`;
}

function helpText(): string {
  const fields = FIELDS.map(({ name, label }) => `  ${name.padEnd(22)} ${label}`).join('\n');
  const presets = PRESETS.map(
    (preset) => `  ${preset.padEnd(10)} ${[...presetNames(preset).values()].join(' ')}`,
  );
  return `
Fields:
${fields}

Presets:
${presets.join('\n')}

Examples:
  twvault show
  twvault show personal --json`;
}
