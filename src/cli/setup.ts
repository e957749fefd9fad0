import { usage } from '../failure.ts';
import type { Secret } from '../profile/secret.ts';
import type { KeychainFailure } from '../system/keychain.ts';
import { ownerFromEnvironment } from '../unlock/identity.ts';
import { passphraseFrom } from '../unlock/passphrase.ts';
import type { VaultConfig } from '../vault/config.ts';
import { choosePlan, initialise, type NewIdentity, type Plan } from '../vault/initialise.ts';
import { type Asker, openVault } from '../vault/open.ts';
import type { Vault } from '../vault/vault.ts';
import type { Context } from './context.ts';
import { say } from './voice.ts';

/** The vault of this home, set up first where there is none. @param choose how; by itself where not given */
export async function vaultOrNew(context: Context, choose = automaticPlan): Promise<Vault> {
  const vault = await openVault(context);
  if (vault) return vault;
  const plan = await choose(context);
  await setUp(context, plan);
  return (await openVault(plan.store === 'file' ? knowing(plan.identity, context) : context)) as Vault;
}

/** Nobody is asked again for the passphrase that was chosen a moment ago, nor for the file that was just written. */
export function knowing(identity: NewIdentity, context: Context): Context {
  if (identity.kept === 'passphrase') {
    return { ...context, terminal: async () => async () => identity.passphrase };
  }
  return identity.kept === 'file' ? withIdentityFile(context, identity.path) : context;
}

/** The environment with this file as its identity, whatever else it names. */
export function withIdentityFile(context: Context, path: string): Context {
  const { TWVAULT_IDENTITY, TWVAULT_IDENTITY_FD, ...env } = context.env;
  return { ...context, env: { ...env, TWVAULT_IDENTITY_FILE: path } };
}

/** Sets the vault up and says where things are kept from now on. */
export async function setUp(context: Context, plan: Plan): Promise<void> {
  const config = await made(context, plan);
  if (config.store === 'keychain') {
    say("profiles are kept in the operating system's keychain");
    return;
  }
  say(`profiles are kept in encrypted files under ${context.home}`);
  if (plan.store !== 'file') return;
  say(whereIdentity(plan.identity));
  if (plan.recipients) say('the recovery key opens every profile as well');
}

/** A passphrase takes a moment to be worked in, and whoever chose it on the terminal may go on typing meanwhile. */
async function made(context: Context, plan: Plan): Promise<VaultConfig> {
  const isChosen =
    plan.store === 'file' && plan.identity.kept === 'passphrase' && !passphraseFrom(context.env);
  if (!isChosen) return initialise(context, plan);
  const { keepTerminal } = await import('./prompt.ts');
  return keepTerminal(() => initialise(context, plan));
}

/** Who can open the encrypted files from now on. */
export function whereIdentity(identity: NewIdentity): string {
  switch (identity.kept) {
    case 'passphrase':
      return 'the passphrase opens them: without it nobody can, so keep a copy of it in a safe place';
    case 'keychain':
      return "their identity is in the operating system's keychain";
    case 'file':
      return `their identity is in ${identity.path} and nowhere else: keep it safe, and set TWVAULT_IDENTITY_FILE to it`;
    case 'elsewhere':
      return 'the identity from the environment opens them';
  }
}

/** The plan of the first `add`. */
export async function automaticPlan(context: Context): Promise<Plan> {
  const choose = await passphraseChooser(context);
  let trouble: KeychainFailure | null = null;
  return choosePlan({
    identity: ownerFromEnvironment(context.env),
    passphrase: passphraseFrom(context.env),
    probeKeychain: async () => {
      trouble = await keychainTrouble(context);
      return trouble;
    },
    choosePassphrase:
      choose &&
      (() => {
        if (trouble) say(`${trouble.message}; profiles go into encrypted files`);
        return choose();
      }),
  });
}

/** Why the keychain cannot be used for a new vault, with the way round it, or null where it can. */
export async function keychainTrouble(context: Context): Promise<KeychainFailure | null> {
  const { Keychain, KeychainFailure, USE_FILES } = await import('../system/keychain.ts');
  const trouble = await new Keychain('twvault', context).probe();
  if (!trouble || trouble.hints.some((hint) => hint.includes(USE_FILES))) return trouble;
  return new KeychainFailure(trouble.reason, trouble.message, [...trouble.hints, `or ${USE_FILES}`]);
}

/** Asks for a new passphrase on the terminal, if there is one. @param what it shall open */
export async function passphraseChooser(
  context: Context,
  what = 'the vault',
): Promise<(() => Promise<Secret>) | undefined> {
  const ask = await context.terminal();
  if (!ask) return undefined;
  return async () => {
    const { keepTerminal } = await import('./prompt.ts');
    return keepTerminal(() => choosePassphrase(ask, what));
  };
}

async function choosePassphrase(ask: Asker, what: string): Promise<Secret> {
  const { askChoice, tell } = await import('./prompt.ts');
  const kind = await askChoice(`which passphrase shall open ${what}?`, [
    { value: 'generated', label: 'a generated one of five words' },
    { value: 'own', label: `one of your own, at least ${SHORTEST} characters` },
  ]);
  return kind === 'own' ? ownPassphrase(ask, tell) : generatedPassphrase(ask, tell);
}

type Tell = (text: string) => void;

/** Characters of a passphrase of one's own. */
export const SHORTEST = 10;
const MOST_ATTEMPTS = 3;

async function ownPassphrase(ask: Asker, tell: Tell): Promise<Secret> {
  return patiently(tell, async () => {
    const passphrase = await ask('new passphrase');
    if (passphrase.length < SHORTEST) return `too short: ${passphrase.length} of ${SHORTEST} characters`;
    const again = await ask('the passphrase again');
    return again.equals(passphrase) ? passphrase : 'that was another one: start again';
  });
}

async function generatedPassphrase(ask: Asker, tell: Tell): Promise<Secret> {
  const { generatePassphrase } = await import('../unlock/generate-passphrase.ts');
  const passphrase = generatePassphrase();
  tell(`\n  ${passphrase.reveal()}\n\nWrite it down now: it is shown only once.\n`);
  return patiently(tell, async () => {
    const again = await ask('type it in, to be sure');
    return again.equals(passphrase) ? passphrase : 'that was another one: try again';
  });
}

/** Makes a few attempts at a secret; what an attempt gives instead of one is told. @throws Failure exit 2 in the end */
export async function patiently(
  tell: Tell,
  attempt: () => Promise<Secret | string>,
  giveUp = 'no passphrase was chosen; nothing was done',
): Promise<Secret> {
  for (let count = 1; count <= MOST_ATTEMPTS; count += 1) {
    const answer = await attempt();
    if (typeof answer !== 'string') return answer;
    tell(`  ${answer}`);
  }
  throw usage(giveUp);
}
