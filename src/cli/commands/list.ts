import { Command } from 'commander';
import { openVault } from '../../vault/open.ts';
import { columns } from '../columns.ts';
import type { Context } from '../context.ts';
import { inWords } from '../field-words.ts';
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
  const holders = new Set([name, ...Object.values(fields).map(({ from }) => from)]);
  const [own = [], ...inherited] = [...holders].map((holder) => {
    const words = inWords(Object.keys(fields).filter((field) => fields[field]?.from === holder));
    return holder === name ? words : words.map((word) => `${holder}:${word}`);
  });
  const unfinished = rotation === null ? [] : ['(rotation begun)'];
  return [...own, ...Object.keys(extras), ...inherited.flat(), ...unfinished].join(' ') || '-';
}

const HEAD = ['', 'PROFILE', 'ACCOUNT', 'KEYS', 'STORE', 'OLDEST KEY'];

const EXAMPLES = `
The default profile is marked with *; app:api means that the API key and secret are inherited from app.
KEYS are in short: api and access are the two pairs of OAuth 1.0a, bearer the app's token, client the OAuth 2.0 app, oauth2
and refresh its tokens. Half a pair goes by its own name. 'twvault show' and --json tell every field.

Examples:
  twvault list
  twvault list --json`;
