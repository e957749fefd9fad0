import { failed, missing } from '../../failure.ts';
import { FIELDS, type FieldName, fieldOf } from '../../profile/fields.ts';
import { type Effective, effectiveFields } from '../../profile/inherit.ts';
import { type Account, type Change, emptyProfile, type Profile } from '../../profile/profile.ts';
import type { Secret } from '../../profile/secret.ts';
import { projectOf } from '../../project/project-file.ts';
import { Editor } from '../../vault/editor.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Context } from '../context.ts';
import { accountText } from '../profile-report.ts';
import { vaultOrNew } from '../setup.ts';
import { say } from '../voice.ts';

/** The profile that a login is for. It is written once the login has succeeded, and not before. */
export class Target {
  readonly name: string;
  readonly vault: Vault;
  readonly #context: Context;
  readonly #profile: Profile;
  readonly #isNew: boolean;
  readonly #inherit: string | undefined;
  readonly #values: ReadonlyMap<FieldName, Effective>;
  /** The app's keys that were asked for on the way. */
  readonly #typed = new Map<FieldName, Secret>();

  private constructor(
    context: Context,
    vault: Vault,
    chain: readonly Profile[],
    options: { readonly isNew: boolean; readonly inherit: string | undefined },
  ) {
    [this.#profile] = chain as [Profile];
    this.name = this.#profile.name;
    this.vault = vault;
    this.#context = context;
    this.#isNew = options.isNew;
    this.#inherit = options.inherit;
    this.#values = effectiveFields(chain);
  }

  /**
   * Opens the vault, so that a passphrase is asked for before anything begins at X.
   * @param inherit the profile whose app serves this account too
   * @throws Failure exit 3 or 4
   */
  static async open(context: Context, name: string, inherit: string | undefined): Promise<Target> {
    const vault = await vaultOrNew(context);
    if (inherit !== undefined) await vault.checkExists(inherit);
    await vault.store.open();
    const isNew = !(await vault.names()).includes(name);
    const own = isNew ? [emptyProfile(name)] : await vault.chain(name);
    const parents = inherit === undefined ? own.slice(1) : await vault.chain(inherit);
    return new Target(context, vault, [...own.slice(0, 1), ...parents], { isNew, inherit });
  }

  /** The account that the profile is known to belong to. */
  get account(): Account | undefined {
    return this.#profile.account;
  }

  /** A value that the profile has, own or inherited, or that was typed in a moment ago. */
  value(field: FieldName): Secret | undefined {
    return this.#typed.get(field) ?? this.#values.get(field)?.secret;
  }

  /** The profile that a value comes from. */
  ownerOf(field: FieldName): string {
    return this.#typed.has(field) ? this.name : (this.#values.get(field)?.from ?? this.name);
  }

  /**
   * The app's keys among these fields, asked for where they are missing.
   * @param optional fields that may stay empty
   * @throws Failure exit 4 where one is missing and nobody can be asked
   */
  async need(fields: readonly FieldName[], optional: readonly FieldName[] = []): Promise<void> {
    const lacking = fields.filter((field) => !this.value(field));
    if (lacking.length === 0) return;
    if (!(await this.#context.terminal())) throw noAppKeys(this.name, lacking);
    const { askField } = await import('./ask.ts');
    const { keepTerminal, tell } = await import('../prompt.ts');
    await keepTerminal(async () => {
      tell(`The app's keys are in console.x.com. To use another profile's app: --inherit PROFILE.\n`);
      for (const field of [...lacking, ...optional.filter((other) => !this.value(other))]) {
        const secret = await askField(field, optional.includes(field));
        if (secret) this.#typed.set(field, secret);
      }
    });
  }

  /**
   * Whether tokens of this account may be stored here.
   * @throws Failure exit 1 where the profile, or the project that uses it here, is known to be another account's
   */
  checkAccount(account: Account, isReplacing: boolean): void {
    const known = this.#profile.account;
    if (known !== undefined && known.id !== account.id && !isReplacing) {
      throw failed(
        `that was a login as ${accountText(account)}, but ${this.name} belongs to ${accountText(known)}: nothing was stored`,
        [
          'log in to x.com as the right account first, then run the command again',
          `give the other account a profile of its own: twvault login NAME --inherit ${this.name}`,
          `or let ${this.name} belong to it from now on: --replace-account`,
        ],
      );
    }
    const project = projectOf(this.#context.cwd());
    if (project?.profile !== this.name || (project.account ?? account.id) === account.id) return;
    throw failed(
      `that was a login as ${accountText(account)}, but ${project.path} is pinned to account ${project.account}: nothing was stored`,
      ['log in to x.com as the right account first, or correct the pin'],
    );
  }

  /** Stores what the login gave. Tokens of an account that is replaced go. */
  async keep(change: Change & { readonly fields: ReadonlyMap<FieldName, Secret> }): Promise<Profile> {
    const stale = this.#staleFields(change);
    const fields = new Map([
      ...stale.map((field) => [field, undefined] as const),
      ...this.#typed,
      ...change.fields,
    ]);
    const inherit = this.#inherit === undefined ? {} : { inherit: this.#inherit };
    const editor = new Editor(this.vault);
    const whole = { ...change, ...inherit, fields };
    const isNew = this.#isNew && !(await this.vault.names()).includes(this.name);
    const profile = isNew ? await editor.create(this.name, whole) : await editor.update(this.name, whole);
    if (stale.length > 0) say(`removed ${stale.join(', ')}, which belonged to the account before`);
    return profile;
  }

  #staleFields({ account, fields }: Change): FieldName[] {
    const before = this.#profile.account;
    if (!account || !before || before.id === account.id) return [];
    return FIELDS.filter(({ name, scope }) => scope === 'user' && this.#profile.fields.has(name))
      .map(({ name }) => name)
      .filter((name) => !fields?.has(name));
  }
}

function noAppKeys(name: string, lacking: readonly FieldName[]): Error {
  const labels = lacking.map((field) => `${field} (${fieldOf(field).label})`).join(' and ');
  return missing(`${name} has no ${labels}, and there is no terminal to ask on`, [
    `use another profile's app: twvault login ${name} --inherit PROFILE`,
    `or store it first: twvault set PROFILE ${lacking[0]}`,
  ]);
}
