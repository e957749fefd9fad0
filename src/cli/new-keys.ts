import { usage } from '../failure.ts';
import { type Collected, collectFields } from '../intake/collect.ts';
import { readFile, readText } from '../intake/read.ts';
import { cleanField } from '../profile/clean.ts';
import { FIELDS, type FieldName } from '../profile/fields.ts';
import { fieldOrigins } from '../profile/inherit.ts';
import type { Profile } from '../profile/profile.ts';
import type { Secret } from '../profile/secret.ts';
import { shapeWarnings } from '../profile/shape.ts';
import { Editor } from '../vault/editor.ts';
import type { Vault } from '../vault/vault.ts';
import { hint, say, warn } from './voice.ts';

/** Where keys of one account are to be read. */
interface Input {
  readonly stdin?: boolean;
  readonly from?: string;
}

/** How keys are to be stored. */
interface Keeping extends Input {
  readonly inherit?: string | undefined;
  readonly replace?: boolean;
}

/** What standard input or a file gives; undefined where neither is named. @param text what standard input held */
export function keysIn({ stdin, from }: Input, text?: string): Collected | undefined {
  if (stdin && from !== undefined) throw usage('--stdin and --from exclude each other');
  if (text !== undefined) return collectFields(readText(text));
  return from === undefined ? undefined : collectFields(readFile(from).assignments);
}

/** Opens the vault first, so that a wrong passphrase does not come after all keys were typed, and then asks for them. */
export async function interview(vault: Vault, parent: string | undefined): Promise<Collected> {
  const { keepTerminal } = await import('./prompt.ts');
  // A passphrase takes a moment to be tried, and whoever typed it may go on typing meanwhile.
  return keepTerminal(async () => {
    await vault.store.open();
    return fromPrompts(vault, parent);
  });
}

/** Asks for each field in turn; Enter alone skips one. */
async function fromPrompts(vault: Vault, parent: string | undefined): Promise<Collected> {
  const { askSecret, tell } = await import('./prompt.ts');
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

/** Stores keys under a name, and says what there is to know of them. */
export async function keepKeys(
  vault: Vault,
  name: string,
  collected: Collected,
  { from, inherit, replace = false }: Keeping,
): Promise<void> {
  const change = { fields: collected.fields, ...(inherit === undefined ? {} : { inherit }) };
  const profile = await new Editor(vault).create(name, change, replace);
  if (from !== undefined)
    warn(`${from} still holds the keys in plaintext: remove it, and renew them if it was ever committed`);
  summarise(vault, profile, collected);
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
}

/** Halves of a pair, which nothing can be done with; an inheriting profile may have the other half above it. */
function incomplete({ name: profile, fields, inherit }: Profile): string[] {
  return FIELDS.flatMap(({ name, partner, scope }) => {
    if (!partner || !fields.has(name) || fields.has(partner)) return [];
    if (name === 'client_id' || (scope === 'app' && inherit !== undefined)) return [];
    return [`${name} is of no use without ${partner}: twvault set ${profile} ${partner}`];
  });
}
