import { Command } from 'commander';
import { cancelled, EXIT, Failure, missing, usage } from '../../failure.ts';
import { type FieldName, isFieldName } from '../../profile/fields.ts';
import { type Effective, effectiveFields } from '../../profile/inherit.ts';
import { profileName } from '../../profile/names.ts';
import { type Change, type Profile, timestampAt } from '../../profile/profile.ts';
import type { Secret } from '../../profile/secret.ts';
import { Editor } from '../../vault/editor.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Revocable, Revocation } from '../../x/revoke.ts';
import { type Context, vaultOf } from '../context.ts';
import { repeated } from '../repeated.ts';
import { namedValue } from '../value-name.ts';
import { hint, say, warn } from '../voice.ts';

interface Options {
  readonly yes?: boolean;
  readonly only?: readonly string[];
}

export function command(context: Context): Command {
  return new Command('revoke')
    .description("end a profile's tokens at X, and remove what has ended")
    .argument('<profile>')
    .option('-y, --yes', 'do not ask')
    .option('--only <fields>', 'these fields, with commas', repeated)
    .addHelpText('after', EXAMPLES)
    .action((name: string, options: Options) => revokeProfile(context, profileName(name), options));
}

/** In the order in which they go: what makes other tokens first. */
const ORDER: readonly Revocable[] = ['oauth2_refresh_token', 'oauth2_access_token', 'oauth1', 'bearer_token'];

/** What only X's console can end. */
const CONSOLE_ONLY: readonly FieldName[] = ['api_key', 'api_secret', 'client_id', 'client_secret'];

async function revokeProfile(context: Context, name: string, options: Options): Promise<void> {
  const wanted = options.only === undefined ? undefined : wantedOf(options.only);
  const vault = await vaultOf(context);
  await vault.checkExists(name);
  await vault.store.open();
  const chain = await vault.chain(name);
  const [profile] = chain as [Profile];
  const effective = effectiveFields(chain);
  const plan = planOf(name, profile, effective, wanted);
  if (plan.includes('bearer_token')) warnOfBearer(vault, name);
  if (!options.yes) await confirm(context, name, plan);
  const { inTurn } = await import('../../x/authority.ts');
  const outcomes = await inTurn(vault, name, () => endAll(vault, name, plan));
  sayConsole(effective);
  if (outcomes.includes('works')) throw new Failure(EXIT.no, 'not everything was revoked', []);
  if (outcomes.includes('untested')) throw new Failure(EXIT.failed, 'not everything could be checked', AGAIN);
}

/** Ends what the profile has by now: it may have been renewed while the question stood. */
async function endAll(
  vault: Vault,
  name: string,
  plan: readonly Revocable[],
): Promise<Revocation['outcome'][]> {
  const { revoke } = await import('../../x/revoke.ts');
  const chain = await vault.chain(name);
  const [profile] = chain as [Profile];
  const values = new Map([...effectiveFields(chain)].map(([field, { secret }]) => [field, secret]));
  const outcomes: Revocation['outcome'][] = [];
  for (const what of plan.filter((each) => profile.fields.has(fieldFor(each)))) {
    const revocation = await revoke(what, values);
    outcomes.push(await settle(vault, profile, what, revocation));
  }
  return outcomes;
}

const fieldFor = (what: Revocable): FieldName => (what === 'oauth1' ? 'access_token' : what);

const AGAIN = ['what was kept is still in the profile: run the command again'];

/** @throws Failure exit 2 where a field cannot be revoked from here */
function wantedOf(only: readonly string[]): Set<Revocable> {
  const names = only.flatMap((text) => text.split(/[\s,]+/)).filter((text) => text !== '');
  return new Set(names.map((text) => revocableOf(namedValue(text))));
}

function revocableOf(name: string): Revocable {
  if (name === 'access_token' || name === 'access_token_secret') return 'oauth1';
  const found = ORDER.find((what) => what === name);
  if (found) return found;
  if (isFieldName(name)) {
    throw usage(`${name} can only be ended in X's console`, ['regenerate it at https://console.x.com']);
  }
  throw usage(`${name} is not a token of X`);
}

/** @throws Failure exit 4 where there is nothing to revoke */
function planOf(
  name: string,
  profile: Profile,
  effective: ReadonlyMap<FieldName, Effective>,
  wanted: ReadonlySet<Revocable> | undefined,
): Revocable[] {
  const plan = ORDER.filter((what) => profile.fields.has(fieldFor(what)) && (!wanted || wanted.has(what)));
  const bearer = effective.get('bearer_token');
  const isInherited = bearer !== undefined && bearer.from !== name;
  if (isInherited && (!wanted || wanted.has('bearer_token'))) {
    say(`the bearer_token comes from ${bearer.from} and is left alone`);
    hint(`to end it for every profile of that app: twvault revoke ${bearer.from} --only bearer_token`);
  }
  if (plan.length > 0) return plan;
  throw missing(`${name} has no token of its own ${wanted ? 'among those' : 'that can be revoked'}`, [
    `what it has: twvault show ${name}`,
  ]);
}

async function confirm(context: Context, name: string, plan: readonly Revocable[]): Promise<void> {
  if (!(await context.terminal()))
    throw usage('there is no terminal to ask on', ['say --yes to revoke without asking']);
  const { askConfirmation } = await import('../prompt.ts');
  const what = plan.map(fieldFor).join(', ');
  if (!(await askConfirmation(`end ${what} of ${name} at X? Programs that use them stop working`)))
    throw cancelled('nothing was revoked');
}

function warnOfBearer(vault: Vault, name: string): void {
  const children = vault.children(name);
  const who = children.length > 0 ? `, ${children.join(', ')} among them` : '';
  warn(`an app has one bearer token: every program that uses it stops working${who}`);
}

/** Says what came of one token, and removes it where X confirmed its end and it is still the one that was sent. */
async function settle(
  vault: Vault,
  profile: Profile,
  what: Revocable,
  revocation: Revocation,
): Promise<Revocation['outcome']> {
  const { REVOKED_FIELDS } = await import('../../x/revoke.ts');
  const fields = REVOKED_FIELDS[what].filter((field) => profile.fields.has(field));
  const text = fields.join(' and ');
  if (revocation.outcome === 'ended') return removeEnded(vault, profile, fields);
  if (revocation.outcome === 'untested') {
    warn(`${text} kept, since its end was not confirmed: ${revocation.reason}`);
    return 'untested';
  }
  warn(`${text} kept, since it still works: ${revocation.reason}`);
  if (revocation.renewed) await keepRenewed(vault, profile, revocation.renewed);
  return 'works';
}

async function removeEnded(
  vault: Vault,
  profile: Profile,
  fields: readonly FieldName[],
): Promise<Revocation['outcome']> {
  const isSame = (now: Profile) => fields.every((field) => same(now, profile, field));
  const gone = new Map(fields.map((field) => [field, undefined] as const));
  const after = await new Editor(vault).updateIf(profile.name, { fields: gone }, isSame);
  if (fields.some((field) => after.fields.has(field))) {
    warn(`${fields.join(' and ')} was renewed in the meantime: run the command again`);
    return 'works';
  }
  say(`${fields.join(' and ')} of ${profile.name} ended at X and removed here`);
  return 'ended';
}

function same(now: Profile, before: Profile, field: FieldName): boolean {
  const [a, b] = [now.fields.get(field)?.secret, before.fields.get(field)?.secret];
  return a !== undefined && b !== undefined && a.equals(b);
}

async function keepRenewed(
  vault: Vault,
  profile: Profile,
  renewed: { access: Secret; refresh?: Secret; expiresIn: number; scopes: readonly string[] },
): Promise<void> {
  const { access, refresh, expiresIn, scopes } = renewed;
  const fields = new Map<FieldName, Secret>([['oauth2_access_token', access]]);
  if (refresh) fields.set('oauth2_refresh_token', refresh);
  const expires = timestampAt(Date.now() + expiresIn * 1000);
  const change: Change = { fields, grant: { expires, scopes } };
  const isSame = (now: Profile) => same(now, profile, 'oauth2_refresh_token');
  await new Editor(vault).updateIf(profile.name, change, isSame);
}

function sayConsole(effective: ReadonlyMap<FieldName, Effective>): void {
  const rest = CONSOLE_ONLY.filter((field) => effective.has(field) && field !== 'client_id');
  if (rest.length === 0) return;
  say(`only X's console can end ${rest.join(', ')}: regenerate them at https://console.x.com`);
  const from = effective.get('api_key')?.from;
  if (from !== undefined) hint(`then store the new ones: twvault rotate ${from}`);
}

const EXAMPLES = `
Each token is ended at X, then tried once more: only when X no longer takes it, it is removed from the profile.

Examples:
  twvault revoke old-bot
  twvault revoke brand --only oauth2_access_token,oauth2_refresh_token
  twvault revoke personal --only bearer_token --yes`;
