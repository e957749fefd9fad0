import { Command } from 'commander';
import { usage } from '../../failure.ts';
import { profileName } from '../../profile/names.ts';
import type { Vault } from '../../vault/vault.ts';
import { type Context, chosen, vaultOf } from '../context.ts';
import { checkSome, explain, leaveBy, tableOf, verifyProfiles } from '../verification.ts';
import { print, printJson } from '../voice.ts';

interface Options {
  readonly all?: boolean;
  readonly offline?: boolean;
  readonly json?: boolean;
}

export function command(context: Context): Command {
  return new Command('verify')
    .description('ask X whether the credentials work, without changing anything there')
    .argument('[profiles...]', 'the one that exec would use, if none is given')
    .option('--all', 'every profile')
    .option('--offline', 'only look at the values: shapes, swapped pairs, kind and age of tokens')
    .option('--json', 'as JSON')
    .addHelpText('after', EXAMPLES)
    .action((names: string[], options: Options) => verify(context, names, options));
}

async function verify(context: Context, given: readonly string[], options: Options): Promise<void> {
  const { all = false, offline: isOffline = false, json: isJson = false } = options;
  if (all && given.length > 0) throw usage('--all and names of profiles exclude each other');
  const names = given.map(profileName);
  const vault = await vaultOf(context);
  const profiles = all ? await vault.names() : await named(context, vault, names);
  checkSome(profiles);
  const verifications = await verifyProfiles(vault, profiles, { isOffline, env: context.env });
  if (isJson) printJson(verifications);
  else print(tableOf(verifications));
  for (const verification of verifications) await explain(verification, isOffline);
  leaveBy(verifications, isOffline);
}

/** All of them are known to exist before any is asked about. */
async function named(context: Context, vault: Vault, names: readonly string[]): Promise<string[]> {
  const unique = [...new Set(names)];
  if (unique.length === 0) unique.push((await chosen(context, vault, undefined)).name);
  for (const name of unique) await vault.checkExists(name);
  return unique;
}

const EXAMPLES = `
Outcomes: valid; limited (X takes the credentials but not every use of them); invalid; untested.
Exit status: 0 valid or limited, 5 invalid, 1 untested; of several profiles the first that holds of 5, 1, 0.
It reads only, and refreshes no token. It keeps the account that X tells in the profile. X may bill a request for the user.

Examples:
  twvault verify
  twvault verify personal brand
  twvault verify --all --json
  twvault verify --all --offline`;
