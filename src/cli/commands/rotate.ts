import { Command } from 'commander';
import { EXIT, Failure, missing, usage } from '../../failure.ts';
import { effectiveFields } from '../../profile/inherit.ts';
import { profileName } from '../../profile/names.ts';
import type { Profile } from '../../profile/profile.ts';
import { Editor } from '../../vault/editor.ts';
import type { Vault } from '../../vault/vault.ts';
import { type Context, vaultOf } from '../context.ts';
import { hint, say, warn } from '../voice.ts';

interface Options {
  readonly stdin?: boolean;
  readonly abort?: boolean;
}

export function command(context: Context): Command {
  return new Command('rotate')
    .description("exchange an app's API key and secret, and the access token with them")
    .argument('<profile>', "the profile that holds the app's keys")
    .option('--stdin', 'read the new values from standard input: dotenv lines or JSON')
    .option('--abort', 'drop new values that were not put in place yet')
    .addHelpText('after', EXAMPLES)
    .action((name: string, options: Options) => rotate(context, profileName(name), options));
}

async function rotate(context: Context, name: string, { stdin, abort }: Options): Promise<void> {
  if (stdin && abort) throw usage('--stdin and --abort exclude each other');
  const vault = await vaultOf(context);
  await vault.checkExists(name);
  await vault.store.open();
  if (abort) return giveUp(vault, name);
  const profile = await holder(vault, name);
  const isInteractive = !stdin && (await context.terminal()) !== undefined;
  const [{ Rotation, verifyHeirs }, entry] = await Promise.all([
    import('../rotation/rotation.ts'),
    import('../rotation/entry.ts'),
  ]);
  const rotation = new Rotation(vault, profile, isInteractive);
  if (stdin) await rotation.stage(entry.valuesFromInput());
  else if (profile.staged) say(`going on with the values that were entered for ${name} before`);
  else if (isInteractive) await rotation.stage(await interview(name, profile, entry));
  else throw usage('there is no terminal to ask on', ['give the new values with --stdin']);
  const own = await rotation.run();
  if (own === 'invalid') needsLogin(name);
  const heirs = await verifyHeirs(vault, name);
  if (own === 'invalid' || heirs === 'invalid')
    throw new Failure(EXIT.no, 'the keys were exchanged, but not every access token works with them', []);
  if (heirs === 'untested')
    throw new Failure(EXIT.failed, 'the keys were exchanged, but not everything could be tested', [
      'twvault verify --all',
    ]);
}

/** @throws Failure exit 2 where the app's keys are in a parent, 4 where there are none */
async function holder(vault: Vault, name: string): Promise<Profile> {
  const chain = await vault.chain(name);
  const [profile] = chain as [Profile];
  const key = effectiveFields(chain).get('api_key');
  if (key && key.from !== name) {
    throw usage(`${name} takes its API key from ${key.from}`, [
      `rotate it there, and ${name} follows: twvault rotate ${key.from}`,
    ]);
  }
  if (key || profile.staged) return profile;
  throw missing(`${name} has no API key to exchange`, [`store one: twvault set ${name} api_key`]);
}

async function interview(name: string, { fields }: Profile, entry: typeof import('../rotation/entry.ts')) {
  say(`open the app of ${name} at https://console.x.com and regenerate its API Key and Secret`);
  warn('that ends the old pair at once: programs that run with it stop working until this is done');
  const app = await entry.askAppPair();
  if (!fields.has('access_token')) return app;
  say('if the console shows the access token as revoked, generate it anew too; otherwise press Enter');
  return new Map([...app, ...(await entry.askUserPair())]);
}

async function giveUp(vault: Vault, name: string): Promise<void> {
  const { staged } = await vault.read(name);
  if (!staged) return say(`no rotation of ${name} is under way`);
  await new Editor(vault).update(name, { staged: null });
  say(`dropped the new ${[...staged.keys()].join(', ')} of ${name}; the values in place stay`);
}

function needsLogin(name: string): void {
  warn(`X does not take the access token of ${name} with the new key`);
  hint(`log it in again: twvault login ${name} --pin`);
}

const EXAMPLES = `
The new values are kept aside, sealed, until X has taken them; only then the old ones go. If anything comes between, the
same command goes on. Profiles that inherit the keys follow.

Examples:
  twvault rotate personal
  twvault rotate personal --stdin < new-keys.env
  twvault rotate personal --abort`;
