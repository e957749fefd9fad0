import { Command } from 'commander';
import { openVault } from '../../vault/open.ts';
import { columns } from '../columns.ts';
import type { Context } from '../context.ts';
import { accountText, ageOf, type ProfileReport, reportOf } from '../profile-report.ts';
import { warnOfUnfinished } from '../unfinished.ts';
import { hint, print, printJson, say } from '../voice.ts';

export function command(context: Context): Command {
  return new Command('list')
    .description('list the profiles, without opening them')
    .option('--json', 'as JSON')
    .addHelpText('after', EXAMPLES)
    .action((options: { json?: boolean }) => list(context, options.json === true));
}

async function list(context: Context, isJson: boolean): Promise<void> {
  const vault = await openVault(context);
  const names = vault ? await vault.names() : [];
  if (vault) warnOfUnfinished(vault);
  const reports = vault ? names.map((name) => reportOf(vault, name)) : [];
  if (isJson) return printJson(reports);
  if (reports.length > 0) return print(columns([HEAD, ...reports.map(rowOf)]));
  say('there is no profile yet');
  hint('add one: twvault add personal');
}

function rowOf(report: ProfileReport): string[] {
  const { name, isDefault, account, store, fields } = report;
  const dates = Object.values(fields).map(({ set }) => set);
  const oldest = dates.sort()[0];
  return [
    isDefault ? '*' : ' ',
    name,
    accountText(account),
    keysOf(report),
    store,
    oldest === undefined ? '-' : ageOf(oldest),
  ];
}

/** Own fields and extras first, then what comes from each parent. */
function keysOf({ name, fields, extras, rotation, updated }: ProfileReport): string {
  if (updated === null) return '(not in the index: twvault doctor --fix)';
  const own = Object.entries(fields).filter(([, { from }]) => from === name);
  const inherited = Object.entries(fields).filter(([, { from }]) => from !== name);
  const words = [...own.map(([field]) => field), ...Object.keys(extras)];
  const parents = inherited.map(([field, { from }]) => `${from}:${field}`);
  const unfinished = rotation === null ? [] : ['(rotation begun)'];
  return [...words, ...parents, ...unfinished].join(' ') || '-';
}

const HEAD = ['', 'PROFILE', 'ACCOUNT', 'KEYS', 'STORE', 'OLDEST KEY'];

const EXAMPLES = `
The default profile is marked with *; app:api_key means that api_key is inherited from app.

Examples:
  twvault list
  twvault list --json`;
