import { Command } from 'commander';
import { usage } from '../../failure.ts';
import { profileName } from '../../profile/names.ts';
import type { Change, Entry, Profile } from '../../profile/profile.ts';
import type { Secret } from '../../profile/secret.ts';
import { Editor, profileExists } from '../../vault/editor.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Context } from '../context.ts';
import { standardInput } from '../input.ts';
import { interview, keepKeys, keysIn } from '../new-keys.ts';
import { profileInRecord } from '../record.ts';
import { vaultOrNew } from '../setup.ts';
import { hint, say } from '../voice.ts';

interface Options {
  readonly stdin?: boolean;
  readonly from?: string;
  readonly inherit?: string;
  readonly replace?: boolean;
  readonly verify?: boolean;
}

export function command(context: Context): Command {
  return new Command('add')
    .description("store an account's keys under a name")
    .argument('<profile>', 'a name of your choice: personal, brand, ...')
    .option('--stdin', 'read the keys from standard input: dotenv lines or JSON')
    .option('--from <file>', 'read them from a file: dotenv, JSON or Python assignments')
    .option('--inherit <profile>', "take the app's keys that are not given from another profile")
    .option('--replace', 'replace a profile of that name whole')
    .option('--verify', 'ask X whether they work, once they are stored')
    .addHelpText('after', EXAMPLES)
    .action((name: string, options: Options) => add(context, profileName(name), options));
}

async function add(context: Context, name: string, options: Options): Promise<void> {
  const inherit = options.inherit === undefined ? undefined : profileName(options.inherit);
  const text = options.stdin ? standardInput() : undefined;
  const record = text === undefined ? undefined : profileInRecord(text);
  if (record) return takeOver(context, name, record, options);
  const given = keysIn(options, text);
  if (!given && !(await context.terminal())) {
    throw usage('there is no terminal to ask on', ['give the keys with --stdin or --from FILE']);
  }
  const vault = await vaultOrNew(context);
  await checkFree(vault, name, options);
  if (inherit !== undefined) await vault.checkExists(inherit);
  const collected = given ?? (await interview(vault, inherit));
  await keepKeys(vault, name, collected, { ...options, inherit });
  hint(`run a program with them: twvault exec -p ${name} -- COMMAND`);
  if (options.verify) await verifyStored(vault, name);
}

/** Stores what a record holds, extras and all. Its recipients are those of this vault. */
async function takeOver(context: Context, name: string, record: Profile, options: Options): Promise<void> {
  const { inherit = record.inherit } = options;
  const { account, grant } = record;
  const [fields, extras] = [secretsIn(record.fields), secretsIn(record.extras)];
  const change: Change = {
    fields,
    extras,
    ...(inherit === undefined ? {} : { inherit }),
    ...(account === undefined ? {} : { account }),
    ...(grant === undefined ? {} : { grant }),
  };
  const vault = await vaultOrNew(context);
  await new Editor(vault).create(name, change, options.replace);
  say(
    `stored ${[...fields.keys(), ...extras.keys()].join(', ')} as ${name}, from the record of ${record.name}`,
  );
  if (options.verify) await verifyStored(vault, name);
}

const secretsIn = <Name>(entries: ReadonlyMap<Name, Entry>): Map<Name, Secret> =>
  new Map([...entries].map(([name, { secret }]) => [name, secret]));

/** Before anything is asked, so that nobody types four keys for nothing. */
async function checkFree(vault: Vault, name: string, { replace }: Options): Promise<void> {
  if (replace || !(await vault.names()).includes(name)) return;
  throw profileExists(name);
}

/** The profile is stored whatever X says, which decides about the exit code alone. */
async function verifyStored(vault: Vault, name: string): Promise<void> {
  const { leaveBy, verifyAloud } = await import('../verification.ts');
  leaveBy(await verifyAloud(vault, [name]));
}

const EXAMPLES = `
Names of any preset and common spellings are understood: CONSUMER_KEY, TWITTER_API_KEY, apiKey, ...

Examples:
  twvault add personal
  twvault add personal --from twitter_credentials.py
  twvault add brand --inherit personal --stdin < brand.env`;
