import { Command } from 'commander';
import { missing, usage } from '../../failure.ts';
import { profileName } from '../../profile/names.ts';
import { Editor } from '../../vault/editor.ts';
import { signerOf } from '../../vault/standing.ts';
import type { Vault } from '../../vault/vault.ts';
import { columns } from '../columns.ts';
import { type Context, vaultOf } from '../context.ts';
import { checkIsOther, recipientFrom } from '../recipient.ts';
import { newRecovery } from '../recovery.ts';
import { hint, print, printJson, say } from '../voice.ts';

interface Options {
  readonly all?: boolean;
  readonly recovery?: boolean;
  readonly recoveryOut?: string;
}

export function command(context: Context): Command {
  const recipients = new Command('recipients')
    .description('have further age keys open chosen profiles')
    .addHelpText('after', HELP);
  recipients
    .command('add')
    .description('seal profiles to a further recipient, now and with every later write')
    .argument('[recipient]', 'its public key: age1...')
    .argument('[profiles...]')
    .option('--all', 'every profile, and every new one')
    .option('--recovery', 'instead of a recipient: make a recovery key, and show it once')
    .option('--recovery-out <file>', 'the same, but write it to this new file')
    .addHelpText('after', ADD_EXAMPLES)
    .action((recipient: string | undefined, names: string[], options: Options) =>
      add(context, recipient, names, options),
    );
  recipients
    .command('remove')
    .description('seal profiles again without a recipient')
    .argument('<recipient>', 'its public key: age1...')
    .argument('[profiles...]')
    .option('--all', 'every profile, and every new one')
    .addHelpText('after', REMOVE_EXAMPLES)
    .action((recipient: string, names: string[], options: Options) =>
      remove(context, recipient, names, options),
    );
  recipients
    .command('list')
    .description('say who opens which profile, without opening any')
    .option('--json', 'as JSON')
    .addHelpText('after', LIST_EXAMPLES)
    .action((options: { json?: boolean }) => list(context, options.json === true));
  return recipients;
}

async function add(
  context: Context,
  first: string | undefined,
  others: string[],
  options: Options,
): Promise<void> {
  const isRecovery = options.recovery === true || options.recoveryOut !== undefined;
  const vault = await vaultOf(context);
  signerOf(vault.store);
  if (isRecovery) {
    const names = await namesOf(vault, first === undefined ? [] : [first, ...others], options);
    await vault.store.open();
    return sealTo(vault, await newRecovery(context, options.recoveryOut), names, options);
  }
  if (first === undefined) throw usage('name the recipient: age1...', ['age-keygen makes one']);
  const recipient = await recipientFrom(first);
  checkIsOther(vault, recipient, 'opens every profile anyway');
  return sealTo(vault, recipient, await namesOf(vault, others, options), options);
}

async function sealTo(
  vault: Vault,
  recipient: string,
  names: readonly string[],
  { all }: Options,
): Promise<void> {
  const editor = new Editor(vault);
  if (all) await editor.changeStanding({ add: [recipient] });
  for (const name of names) {
    const isNew = await changeIf(
      editor,
      name,
      { add: [recipient] },
      (present) => !present.includes(recipient),
    );
    say(isNew ? `${name} is sealed to ${recipient} as well` : `${name} was sealed to it already`);
  }
  if (all) say('every new profile will be, too');
  hint('it opens them without twvault, and cannot write: age -d -i KEYFILE profiles/NAME.age');
  hintParents(vault, names, recipient);
}

async function remove(context: Context, text: string, words: string[], options: Options): Promise<void> {
  const vault = await vaultOf(context);
  signerOf(vault.store);
  const recipient = await recipientFrom(text);
  checkIsOther(vault, recipient, 'cannot be removed: twvault rekey gives the vault another identity');
  const names = await namesOf(vault, words, options);
  const editor = new Editor(vault);
  const isStanding = options.all === true && (vault.config.recipients ?? []).includes(recipient);
  if (isStanding) await editor.changeStanding({ remove: [recipient] });
  const removed: string[] = [];
  for (const name of names)
    if (await changeIf(editor, name, { remove: [recipient] }, (present) => present.includes(recipient)))
      removed.push(name);
  if (removed.length === 0 && !isStanding)
    throw missing(`${options.all ? 'no profile' : names.join(', ')} is sealed to ${recipient}`, [
      'twvault recipients list shows who opens what',
    ]);
  for (const name of removed) say(`${name} is no longer sealed to ${recipient}`);
  if (isStanding) say('new profiles will not be either');
  else if ((vault.config.recipients ?? []).includes(recipient))
    hint('new profiles will still be: twvault recipients remove --all ends that');
  if (removed.length === 0) return;
  hint('whoever holds it may have kept the keys, and it still opens old copies of the files');
  hint('if it must not use them any longer, renew the keys at X: twvault rotate --help');
}

/** Changes a profile's recipients unless they are as they should be. @returns whether it did */
async function changeIf(
  editor: Editor,
  name: string,
  recipients: { add?: string[]; remove?: string[] },
  isNeeded: (present: readonly string[]) => boolean,
): Promise<boolean> {
  let isChanged = false;
  await editor.updateIf(name, { recipients }, ({ recipients: present = [] }) => {
    isChanged = isNeeded(present);
    return isChanged;
  });
  return isChanged;
}

async function namesOf(vault: Vault, words: readonly string[], { all }: Options): Promise<string[]> {
  if (all && words.length > 0) throw usage('--all means every profile: name none beside it');
  if (all) return vault.names();
  if (words.length === 0) throw usage('say which profiles, or --all for every one');
  const names = words.map(profileName);
  for (const name of names) await vault.checkExists(name);
  return names;
}

/** What a profile takes from a parent is sealed with the parent. */
function hintParents(vault: Vault, names: readonly string[], recipient: string): void {
  for (const name of names) {
    const parents = vault.entryChain(name).slice(1);
    const closed = parents.filter(({ recipients = [] }) => !recipients.includes(recipient));
    if (closed.length > 0)
      hint(
        `${name} takes values from ${closed.map((parent) => parent.name).join(', ')}, which it does not open`,
      );
  }
}

async function list(context: Context, isJson: boolean): Promise<void> {
  const vault = await vaultOf(context);
  signerOf(vault.store);
  const { recipient: owner = null, recipients: standing = [] } = vault.config;
  const profiles = Object.fromEntries(
    (await vault.names()).map((name) => [name, vault.entry(name)?.recipients ?? []]),
  );
  if (isJson) return printJson({ owner, standing, profiles });
  const others = new Set([...standing, ...Object.values(profiles).flat()]);
  const rows = [...others].sort().map((other) => {
    const names = Object.keys(profiles).filter((name) => profiles[name]?.includes(other));
    return [other, [...names, ...(standing.includes(other) ? ['(every new profile)'] : [])].join(' ')];
  });
  print(columns([['RECIPIENT', 'OPENS'], [owner ?? '-', '(the owner: everything)'], ...rows]));
}

const HELP = `
A profile can be sealed to further age recipients: a recovery key in a safe, or a colleague's key. They read it with age,
without twvault, and cannot write: what they would write is refused. Nobody but the owner can add one.

With all else lost, a recovery key brings each profile into a new vault, in a home of its own; parents first:
  age -d -i recovery.txt OLD/profiles/personal.age | TWVAULT_HOME=NEW twvault add personal --stdin

Examples:
  twvault recipients add --recovery --all
  twvault recipients add age1... brand
  twvault recipients list`;

const ADD_EXAMPLES = `
Examples:
  twvault recipients add age1... brand personal
  twvault recipients add age1... --all
  twvault recipients add --recovery-out /media/stick/recovery.txt --all`;

const REMOVE_EXAMPLES = `
Examples:
  twvault recipients remove age1... brand
  twvault recipients remove age1... --all`;

const LIST_EXAMPLES = `
Examples:
  twvault recipients list
  twvault recipients list --json`;
