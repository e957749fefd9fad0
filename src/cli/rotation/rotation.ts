import { EXIT, Failure, failed } from '../../failure.ts';
import type { FieldName } from '../../profile/fields.ts';
import { effectiveFields } from '../../profile/inherit.ts';
import type { Entry, Profile } from '../../profile/profile.ts';
import type { Secret } from '../../profile/secret.ts';
import { Editor } from '../../vault/editor.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Outcome } from '../../x/verdict.ts';
import { accountText } from '../profile-report.ts';
import { hint, say, warn } from '../voice.ts';
import { askAppPair, askUserPair, checkEntered, USER_PAIR, type Values } from './entry.ts';

const MOST_ENTRIES = 3;

/**
 * The exchange of an app's key pair. The new values wait in the profile's own record, sealed and used by nothing, until
 * X has taken them; one write then puts them in place of the old. A crash at any point leaves one state or the other.
 */
export class Rotation {
  readonly #vault: Vault;
  readonly #editor: Editor;
  readonly #isInteractive: boolean;
  #profile: Profile;

  constructor(vault: Vault, profile: Profile, isInteractive: boolean) {
    this.#vault = vault;
    this.#editor = new Editor(vault);
    this.#profile = profile;
    this.#isInteractive = isInteractive;
  }

  /** Keeps new values until they are proven. @throws Failure exit 2 where they cannot be the new ones */
  async stage(entered: Values): Promise<void> {
    const values = new Map([...plain(this.#profile.staged), ...entered]);
    checkEntered(values, this.#profile);
    this.#profile = await this.#editor.update(this.#profile.name, { staged: values });
  }

  /** @returns what X says of the profile's own user tokens after the exchange */
  async run(): Promise<Outcome> {
    await this.#proveApp();
    const user = await this.#proveUser();
    const { inTurn } = await import('../../x/authority.ts');
    await inTurn(this.#vault, this.#profile.name, () => this.#promote());
    return user;
  }

  /** The values that the profile would have. */
  get #next(): Map<FieldName, Secret> {
    return new Map([...plain(this.#profile.fields), ...plain(this.#profile.staged)]);
  }

  async #proveApp(): Promise<void> {
    const { isProven, proveApp } = await import('../../x/rotate.ts');
    for (let entry = 1; ; entry += 1) {
      const proof = await proveApp(this.#next);
      if (isProven(proof)) return say('X takes the new API key and secret');
      const isAskable = proof.outcome === 'invalid' && this.#isInteractive && entry < MOST_ENTRIES;
      if (!isAskable) throw this.#unproven(proof.outcome, `${proof.message}`);
      say(`${proof.message}: enter them again`);
      await this.stage(await askAppPair());
    }
  }

  async #proveUser(): Promise<Outcome> {
    const { isProven, proveUser } = await import('../../x/rotate.ts');
    for (let entry = 1; ; entry += 1) {
      if (!USER_PAIR.every((field) => this.#next.has(field))) return 'valid';
      const proof = await proveUser(this.#next);
      if (isProven(proof)) {
        this.#checkAccount(proof.account);
        say(
          `X takes the access token and secret with them${proof.account ? `: ${accountText(proof.account)}` : ''}`,
        );
        return proof.outcome;
      }
      if (proof.outcome === 'untested') throw this.#unproven(proof.outcome, `${proof.message}`);
      const isStaged = this.#profile.staged?.has('access_token') ?? false;
      if (!this.#isInteractive || entry === MOST_ENTRIES) {
        if (isStaged) throw this.#unproven(proof.outcome, `${proof.message}`);
        return 'invalid';
      }
      say(`${proof.message}`);
      say('generate a new access token and secret in console.x.com; Enter alone leaves that for later');
      const pair = await askUserPair();
      if (pair.size > 0) await this.stage(pair);
      else if (isStaged) throw this.#unproven(proof.outcome, `${proof.message}`);
      else return 'invalid';
    }
  }

  #checkAccount(account: Profile['account']): void {
    const known = this.#profile.account;
    if (!account || !known || account.id === known.id) return;
    const { name } = this.#profile;
    throw failed(
      `the new access token belongs to ${accountText(account)}, but ${name} to ${accountText(known)}`,
      [
        `enter the right ones with twvault rotate ${name} --stdin, or give up with --abort`,
        'nothing was exchanged: the old values are in place',
      ],
    );
  }

  #unproven(outcome: Outcome, reason: string): Failure {
    const { name } = this.#profile;
    const what = outcome === 'invalid' ? 'the new values are not accepted' : 'the new values were not tested';
    return new Failure(outcome === 'invalid' ? EXIT.no : EXIT.failed, `${what}: ${reason}`, [
      `the old values are in place, the new ones are kept aside: twvault rotate ${name} goes on`,
      `enter others with --stdin, or drop them with twvault rotate ${name} --abort`,
    ]);
  }

  /** One write: the new values in, the old ones out, nothing waiting any more. */
  async #promote(): Promise<void> {
    const { name, staged, fields: old } = this.#profile;
    const fields = new Map(plain(staged));
    if (old.has('bearer_token')) {
      const { newBearer } = await import('../../x/rotate.ts');
      const bearer = await newBearer(this.#next);
      if (bearer) fields.set('bearer_token', bearer);
    }
    const isSame = (now: Profile) => sameEntries(now.staged, staged);
    const after = await this.#editor.updateIf(name, { fields, staged: null }, isSame);
    if (
      after.staged !== undefined ||
      ![...fields].every(([field, value]) => after.fields.get(field)?.secret.equals(value))
    )
      throw failed(`another twvault changed the rotation of ${name} meanwhile`, [
        `twvault rotate ${name} goes on`,
      ]);
    say(`${name} has the new ${[...fields.keys()].join(', ')}; the old values are gone`);
  }
}

/**
 * Asks X about the user tokens of the profiles that take their API key from this one.
 * @returns the worst of the answers
 */
export async function verifyHeirs(vault: Vault, name: string): Promise<Outcome> {
  const [{ isProven, proveUser }, { worst }] = await Promise.all([
    import('../../x/rotate.ts'),
    import('../../x/verdict.ts'),
  ]);
  const outcomes: Outcome[] = ['valid'];
  for (const heir of heirsOf(vault, name)) {
    const fields = effectiveFields(await vault.chain(heir));
    if (fields.get('api_key')?.from !== name) continue;
    if (!USER_PAIR.every((field) => fields.has(field))) {
      say(`${heir} follows; it has no access token to try`);
      continue;
    }
    const proof = await proveUser(new Map([...fields].map(([field, { secret }]) => [field, secret])));
    outcomes.push(proof.outcome);
    if (isProven(proof)) say(`${heir} follows, and its access token works`);
    else if (proof.outcome === 'untested')
      warn(`${heir} follows; its access token was not tested: ${proof.message}`);
    else {
      warn(`${heir} follows, but X does not take its access token with the new key`);
      hint(`log it in again: twvault login ${heir} --pin`);
    }
  }
  return worst(outcomes);
}

/** The profiles that inherit from this one, and those that inherit from them. */
function heirsOf(vault: Vault, name: string): string[] {
  const heirs = new Set<string>();
  const visit = (parent: string): void => {
    for (const child of vault.children(parent)) {
      if (heirs.has(child)) continue;
      heirs.add(child);
      visit(child);
    }
  };
  visit(name);
  return [...heirs];
}

function plain(entries: ReadonlyMap<FieldName, Entry> | undefined): [FieldName, Secret][] {
  return [...(entries ?? [])].map(([field, { secret }]) => [field, secret]);
}

function sameEntries(a: Profile['staged'], b: Profile['staged']): boolean {
  const [left, right] = [plain(a), new Map(plain(b))];
  return left.length === right.size && left.every(([field, value]) => right.get(field)?.equals(value));
}
