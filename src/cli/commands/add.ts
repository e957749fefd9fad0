import { Command } from 'commander';
import { usage } from '../../failure.ts';
import { type Collected, collectFields } from '../../intake/collect.ts';
import { readFile, readText } from '../../intake/read.ts';
import { cleanField } from '../../profile/clean.ts';
import { FIELDS, type FieldName } from '../../profile/fields.ts';
import { fieldOrigins } from '../../profile/inherit.ts';
import { profileName } from '../../profile/names.ts';
import type { Change, Entry, Profile } from '../../profile/profile.ts';
import type { Secret } from '../../profile/secret.ts';
import { shapeWarnings } from '../../profile/shape.ts';
import { Editor, profileExists } from '../../vault/editor.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Context } from '../context.ts';
import { standardInput } from '../input.ts';
import { profileInRecord } from '../record.ts';
import { vaultOrNew } from '../setup.ts';
import { hint, print, say, warn } from '../voice.ts';

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
  const given = fromInput(options, text);
  if (!given && !(await context.terminal())) {
    throw usage('there is no terminal to ask on', ['give the keys with --stdin or --from FILE']);
  }
  const vault = await vaultOrNew(context);
  await checkFree(vault, name, options);
  if (inherit !== undefined) await vault.checkExists(inherit);
  const collected = given ?? (await interview(vault, inherit));
  const change = { fields: collected.fields, ...(inherit === undefined ? {} : { inherit }) };
  const profile = await new Editor(vault).create(name, change, options.replace);
  if (options.from !== undefined) {
    warn(
      `${options.from} still holds the keys in plaintext: remove it, and renew them if it was ever committed`,
    );
  }
  summarise(vault, profile, collected);
  if (options.verify) await verify(vault, name);
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
  if (options.verify) await verify(vault, name);
}

const secretsIn = <Name>(entries: ReadonlyMap<Name, Entry>): Map<Name, Secret> =>
  new Map([...entries].map(([name, { secret }]) => [name, secret]));

/** What X says, with its exit code; the profile is stored whatever that is. */
async function verify(vault: Vault, name: string): Promise<void> {
  const { explain, leaveBy, tableOf, verifyProfiles } = await import('../verification.ts');
  const verifications = await verifyProfiles(vault, [name]);
  print(tableOf(verifications));
  for (const verification of verifications) await explain(verification);
  leaveBy(verifications);
}

function fromInput({ stdin, from }: Options, text?: string): Collected | undefined {
  if (stdin && from !== undefined) throw usage('--stdin and --from exclude each other');
  if (text !== undefined) return collectFields(readText(text));
  return from === undefined ? undefined : collectFields(readFile(from).assignments);
}

/** Before anything is asked, so that nobody types four keys for nothing. */
async function checkFree(vault: Vault, name: string, { replace }: Options): Promise<void> {
  if (replace || !(await vault.names()).includes(name)) return;
  throw profileExists(name);
}

/** Opens the vault first, so that a wrong passphrase does not come after all keys were typed, and then asks for them. */
async function interview(vault: Vault, parent: string | undefined): Promise<Collected> {
  await vault.store.open();
  const { keepTerminal } = await import('../prompt.ts');
  return keepTerminal(() => fromPrompts(vault, parent));
}

/** Asks for each field in turn; Enter alone skips one. */
async function fromPrompts(vault: Vault, parent: string | undefined): Promise<Collected> {
  const { askSecret, tell } = await import('../prompt.ts');
  const inherited = parent === undefined ? new Set<FieldName>() : new Set(inheritable(vault, parent));
  const fields = new Map<FieldName, Secret>();
  const notes: string[] = [];
  tell("Paste each value from X's developer console. It is not shown. Enter alone skips a field.\n");
  for (const { name, label, prompted } of FIELDS) {
    if (!prompted || inherited.has(name)) continue;
    const answer = await askUntilUsable(name, label, askSecret, tell);
    if (!answer) continue;
    fields.set(name, answer.secret);
    notes.push(...answer.removed.map((what) => `${name}: took off ${what}`));
  }
  if (fields.size === 0) throw usage('no value was given; nothing was stored');
  return { fields, notes, ignored: [] };
}

async function askUntilUsable(
  name: FieldName,
  label: string,
  askSecret: (question: string) => Promise<Secret>,
  tell: (text: string) => void,
): Promise<ReturnType<typeof cleanField> | undefined> {
  for (;;) {
    const answer = await askSecret(`${label} (${name})`);
    if (answer.reveal().trim() === '') return undefined;
    try {
      const cleaned = cleanField(name, answer.reveal());
      tell(`  took ${cleaned.secret.length} characters`);
      return cleaned;
    } catch (error) {
      tell(`  ${(error as Error).message}: paste it again, or press Enter to skip it`);
    }
  }
}

/** The app's fields that a child of the profile would have without being asked. */
function inheritable(vault: Vault, parent: string): FieldName[] {
  return [...fieldOrigins([{ name: '', fields: new Map() }, ...vault.entryChain(parent)]).keys()];
}

function summarise(vault: Vault, profile: Profile, { fields, notes, ignored }: Collected): void {
  for (const note of notes) say(note);
  if (ignored.length > 0) {
    say(`left alone, since they name no field: ${ignored.join(', ')}`);
    hint(`other variables that the program needs: twvault set ${profile.name} NAME`);
  }
  for (const text of [...shapeWarnings(fields), ...incomplete(profile)]) warn(text);
  const place = vault.config.store === 'keychain' ? 'the keychain' : vault.home;
  const account = profile.account ? ` for account ${profile.account.id}` : '';
  say(`stored ${[...fields.keys()].join(', ')} as ${profile.name}${account} in ${place}`);
  hint(`run a program with them: twvault exec -p ${profile.name} -- COMMAND`);
}

/** Halves of a pair, which nothing can be done with; an inheriting profile may have the other half above it. */
function incomplete({ fields, inherit }: Profile): string[] {
  return FIELDS.flatMap(({ name, partner, scope }) => {
    if (!partner || !fields.has(name) || fields.has(partner)) return [];
    if (name === 'client_id' || (scope === 'app' && inherit !== undefined)) return [];
    return [`${name} is of no use without ${partner}: twvault set PROFILE ${partner}`];
  });
}

const EXAMPLES = `
Names of any preset and common spellings are understood: CONSUMER_KEY, TWITTER_API_KEY, apiKey, ...

Examples:
  twvault add personal
  twvault add personal --from twitter_credentials.py
  twvault add brand --inherit personal --stdin < brand.env`;
