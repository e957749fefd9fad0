import { usage } from '../failure.ts';
import type { Secret } from '../profile/secret.ts';
import { identityFromEnvironment } from '../unlock/identity.ts';
import { passphraseFrom } from '../unlock/passphrase.ts';
import { choosePlan, initialise, type Plan } from '../vault/initialise.ts';
import { openVault } from '../vault/open.ts';
import type { Vault } from '../vault/vault.ts';
import type { Context } from './context.ts';
import { say } from './voice.ts';

/** The vault of this home, set up first where there is none. */
export async function vaultOrNew(context: Context): Promise<Vault> {
  const vault = await openVault(context);
  if (vault) return vault;
  await setUp(context, await automaticPlan(context));
  return (await openVault(context)) as Vault;
}

/** Sets the vault up and says where things are kept from now on. */
export async function setUp(context: Context, plan: Plan): Promise<void> {
  const config = await initialise(context, plan);
  if (config.store === 'keychain') {
    say("profiles are kept in the operating system's keychain");
    return;
  }
  say(`profiles are kept in encrypted files under ${context.home}`);
  if (plan.store === 'file') say(whereIdentity(plan));
}

function whereIdentity({ identity }: Plan & { store: 'file' }): string {
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

async function automaticPlan(context: Context): Promise<Plan> {
  return choosePlan({
    identity: identityFromEnvironment(context.env),
    passphrase: passphraseFrom(context.env),
    probeKeychain: async () => {
      const { Keychain } = await import('../system/keychain.ts');
      return new Keychain('twvault', context.env).probe();
    },
    choosePassphrase: passphraseChooser(context),
  });
}

/** Asks for the passphrase of a new vault on the terminal, if there is one. */
export function passphraseChooser(context: Context): (() => Promise<Secret>) | undefined {
  const ask = context.terminal();
  if (!ask) return undefined;
  return async () => {
    const { askChoice, tell } = await import('./prompt.ts');
    const kind = await askChoice('how shall the vault be protected?', [
      { value: 'generated', label: 'a generated passphrase of five words' },
      { value: 'own', label: 'a passphrase of your own' },
    ]);
    if (kind === 'own') return ownPassphrase(ask);
    const { generatePassphrase } = await import('../unlock/generate-passphrase.ts');
    const passphrase = generatePassphrase();
    tell(`\n  ${passphrase.reveal()}\n\nWrite it down now: it is shown only once.`);
    await confirmPassphrase(ask, passphrase);
    return passphrase;
  };
}

const SHORTEST = 10;

async function ownPassphrase(ask: (question: string) => Promise<Secret>): Promise<Secret> {
  const passphrase = await ask('new passphrase');
  if (passphrase.length < SHORTEST) throw usage(`a passphrase needs at least ${SHORTEST} characters`);
  await confirmPassphrase(ask, passphrase);
  return passphrase;
}

async function confirmPassphrase(
  ask: (question: string) => Promise<Secret>,
  passphrase: Secret,
): Promise<void> {
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    if ((await ask('the passphrase again')).equals(passphrase)) return;
    say('that was another one');
  }
  throw usage('the passphrase was not repeated; nothing was set up');
}
