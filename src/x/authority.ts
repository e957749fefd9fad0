import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { EXIT, Failure, failed, missing } from '../failure.ts';
import { expiryOf, isExpiring, isGrantExpiring, isRenewable } from '../profile/grant.ts';
import { effectiveFields } from '../profile/inherit.ts';
import { type Change, type Profile, timestampAt } from '../profile/profile.ts';
import type { Secret } from '../profile/secret.ts';
import { withLock } from '../system/lock.ts';
import { holdSignals } from '../system/signals.ts';
import { Editor } from '../vault/editor.ts';
import type { IndexEntry } from '../vault/profile-index.ts';
import type { Vault } from '../vault/vault.ts';
import { type OAuth2Client, OAuth2Error, refreshTokens, type Tokens } from './oauth2.ts';
import { isOver, noLogin, refreshFailure } from './refresh-failure.ts';

const MOST_ATTEMPTS = 3;
const FIRST_PAUSE_MS = 300;
/** No new attempt begins this long after the first. */
const LAST_ATTEMPT_MS = 12_000;
/** Longer than one holder of the lock can take. */
const PATIENCE_MS = 60_000;
/** A token that ends sooner is of no use to anyone. */
const USEFUL_MS = 30_000;
const STORE_PAUSES_MS = [0, 200, 1000, 3000];

/** A profile whose OAuth 2.0 access token is fresh, or the best there is. */
export interface Fresh {
  readonly profile: Profile;
  /** Why the token lives less than was asked for. */
  readonly warning?: string;
}

/**
 * The profile with an OAuth 2.0 access token that lives at least `minLife` ms, renewed at X where need be. However many
 * processes ask at once, one of them renews, and the others use what it stored. A token that still lives is handed out
 * with a warning where it cannot be renewed now.
 * @throws Failure exit 4 where the profile has no login; 5 where X no longer accepts it; 1 where X cannot be asked
 */
export async function freshProfile(vault: Vault, name: string, minLife: number): Promise<Fresh> {
  const seen = vault.entry(name);
  if (!isKnownToEnd(seen, minLife)) {
    const profile = await vault.read(name);
    if (!isRenewable(profile)) throw noLogin(profile);
    if (isExpiring(profile, minLife) === false) return { profile };
  }
  await vault.store.open(); // which may ask, and nobody shall wait for that
  try {
    return { profile: await inTurn(vault, name, () => new Renewal(vault, name, minLife, seen).run()) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const profile = await vault.read(name);
    if (isExpiring(profile, minLife) === false) return { profile }; // another one renewed it meanwhile
    const left = usefulLife(profile);
    if (left === undefined) throw error;
    const warning = `${error.message}; its token still lives for ${Math.floor(left / 1000)} s and is used`;
    return { profile, warning };
  }
}

/**
 * Runs what uses up a profile's tokens at X, one process at a time: a token that one renews while another ends it would
 * live on unseen.
 * @throws Failure exit 1 where the others take too long
 */
export function inTurn<T>(vault: Vault, name: string, work: () => Promise<T>): Promise<T> {
  const options = { patience: PATIENCE_MS, isWatching: true, onTooLong: () => waitedTooLong(name) };
  return withLock(join(vault.home, `lock.${name}`), work, options);
}

/**
 * Whether the index alone tells that the token is about to end. Then the profile is only opened in turn: a keychain that
 * everyone asks at once takes longer than it may.
 */
function isKnownToEnd(entry: IndexEntry | undefined, minLife: number): boolean {
  const set = entry?.fields.get('oauth2_access_token');
  return entry?.grant !== undefined && set !== undefined && isGrantExpiring(entry.grant, set, minLife);
}

/** What the index knows an access token by. */
const markOf = (entry: IndexEntry | undefined): string | undefined =>
  entry?.fingerprints.get('oauth2_access_token');

/** One refresh, with the profile's refresh lock held. */
class Renewal {
  readonly #vault: Vault;
  readonly #editor: Editor;
  readonly #name: string;
  readonly #minLife: number;
  readonly #seen: IndexEntry | undefined;

  /** @param seen the index entry before the lock was waited for */
  constructor(vault: Vault, name: string, minLife: number, seen: IndexEntry | undefined) {
    this.#vault = vault;
    this.#editor = new Editor(vault);
    this.#name = name;
    this.#minLife = minLife;
    this.#seen = seen;
  }

  async run(): Promise<Profile> {
    const profile = await this.#vault.read(this.#name);
    const used = refreshTokenOf(profile);
    if (!used) throw noLogin(profile);
    if (isExpiring(profile, this.#minLife) === false) return profile;
    const isNew = markOf(this.#vault.entry(this.#name)) !== markOf(this.#seen);
    if (isNew && isExpiring(profile, 0) === false) return profile;
    const client = await this.#client();
    const signals = holdSignals();
    try {
      return await this.#renew(client, profile, used, () => signals.held().length > 0);
    } finally {
      signals.release();
    }
  }

  async #renew(
    client: OAuth2Client,
    profile: Profile,
    used: Secret,
    isStopped: () => boolean,
  ): Promise<Profile> {
    const begun = performance.now();
    let wasUnanswered = false;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#once(client, profile, used);
      } catch (error) {
        if (!(error instanceof OAuth2Error)) throw error;
        if (isOver(error)) return await this.#afterRefusal(error, client, profile, used, wasUnanswered);
        wasUnanswered ||= error.kind === 'unanswered';
        const isLate = performance.now() - begun > LAST_ATTEMPT_MS;
        if (attempt === MOST_ATTEMPTS || isLate || isStopped() || error.status === 429)
          throw refreshFailure(error, { name: profile.name, client, wasUnanswered });
        await pause(FIRST_PAUSE_MS * 3 ** (attempt - 1) * (0.5 + Math.random()));
      }
    }
  }

  /**
   * One request, with all that storing its answer takes done before it: from X's answer to the disk nothing else may
   * come in between.
   */
  async #once(client: OAuth2Client, { name }: Profile, used: Secret): Promise<Profile> {
    let change: Change | undefined;
    try {
      return await this.#editor.updateWith(name, async (profile) => {
        if (!refreshTokenOf(profile)?.equals(used)) return undefined;
        const asked = Date.parse(timestampAt(Date.now())); // a first time as text makes Node read the time zone's file
        change ??= changeFor(await refreshTokens(client, used), profile, asked);
        return change;
      });
    } catch (error) {
      if (!change) throw error;
      return await this.#keep(name, change, used);
    }
  }

  /** Stores the new tokens where the old refresh token is, which was used for them. */
  async #keep(name: string, change: Change, used: Secret): Promise<Profile> {
    let trouble: unknown;
    const isOurs = (profile: Profile) => refreshTokenOf(profile)?.equals(used) ?? false;
    for (const wait of STORE_PAUSES_MS) {
      if (wait > 0) await pause(wait);
      try {
        return await this.#editor.updateIf(name, change, isOurs);
      } catch (error) {
        trouble = error;
        const moved = await this.#renamedTo(isOurs).catch(() => undefined);
        if (moved !== undefined && moved !== name) return this.#keep(moved, change, used);
      }
    }
    throw notStored(name, trouble);
  }

  /** Who has the login now, where its profile was renamed in the meantime. */
  async #renamedTo(isOurs: (profile: Profile) => boolean): Promise<string | undefined> {
    for (const name of await this.#vault.names()) {
      const stored = await this.#vault.existing(name).catch(() => null);
      if (stored && isOurs(stored.profile)) return name;
    }
    return undefined;
  }

  /** X knows the refresh token no more. Another process may have used it, and be about to store what it got. */
  async #afterRefusal(
    error: OAuth2Error,
    client: OAuth2Client,
    { name }: Profile,
    used: Secret,
    wasUnanswered: boolean,
  ): Promise<Profile> {
    for (const wait of [0, 500, 1000]) {
      await pause(wait);
      const profile = await this.#vault.read(name);
      if (!refreshTokenOf(profile)?.equals(used)) return profile;
    }
    throw refreshFailure(error, { name, client, wasUnanswered });
  }

  /** The app that the login belongs to; its id and secret may come from a parent. */
  async #client(): Promise<OAuth2Client> {
    const name = this.#name;
    const fields = effectiveFields(await this.#vault.chain(name));
    const id = fields.get('client_id')?.secret;
    if (!id) {
      throw missing(`${name} has no client_id, which renewing its login takes`, [
        `set it: twvault set ${name} client_id`,
      ]);
    }
    return { id, secret: fields.get('client_secret')?.secret };
  }
}

function changeFor(tokens: Tokens, before: Profile, asked: number): Change {
  const fields = new Map([['oauth2_access_token', tokens.access] as const]);
  const expires = timestampAt(asked + tokens.expiresIn * 1000);
  const scopes = tokens.scopes.length > 0 ? tokens.scopes : (before.grant?.scopes ?? []);
  const grant = { expires, scopes };
  // Where X gives no new refresh token, the old one stays good (RFC 6749, 6).
  if (!tokens.refresh) return { fields, grant };
  return { fields: new Map([...fields, ['oauth2_refresh_token', tokens.refresh] as const]), grant };
}

const refreshTokenOf = ({ fields }: Profile): Secret | undefined =>
  fields.get('oauth2_refresh_token')?.secret;

/** How long the token at hand still lives, in ms, where that is long enough to be of use. */
function usefulLife(profile: Profile): number | undefined {
  if (isExpiring(profile, 0) !== false) return undefined;
  const left = (expiryOf(profile) ?? 0) - Date.now();
  return left >= USEFUL_MS ? left : undefined;
}

function waitedTooLong(name: string): Failure {
  return failed(`another twvault has been renewing or ending the tokens of ${name} for too long`, [
    'try again in a minute',
  ]);
}

function notStored(name: string, cause: unknown): Failure {
  const reason = cause instanceof Failure ? cause.message : 'internal error';
  return new Failure(
    EXIT.failed,
    `X renewed the login of ${name}, but it could not be stored: ${reason}`,
    [`what was stored before no longer works at X: log in again with twvault login ${name} --oauth2`],
    cause,
  );
}
