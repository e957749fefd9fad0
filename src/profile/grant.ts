import { oauth2Token } from './oauth2-value.ts';
import type { Grant, Profile } from './profile.ts';

/** How long an OAuth 2.0 access token of X lives, in milliseconds, where nothing says otherwise. */
export const TOKEN_LIFE_MS = 2 * 60 * 60 * 1000;
/** How long a token that is handed out lives at least, where nobody says otherwise. */
export const DEFAULT_MIN_LIFE_MS = 10 * 60 * 1000;
/** A clock that was set back by less than this does not count as having jumped. */
const CLOCK_SLACK_MS = 60_000;

/** Whether a profile has a login that can be renewed: an OAuth 2.0 access token with its refresh token. */
export function isRenewable({ fields }: Profile): boolean {
  return fields.has('oauth2_access_token') && fields.has('oauth2_refresh_token');
}

/** When the profile's OAuth 2.0 access token ends, in ms since 1970; undefined where nothing tells. */
export function expiryOf({ grant, fields }: Profile): number | undefined {
  if (grant) return Date.parse(grant.expires);
  const secret = fields.get('oauth2_access_token')?.secret;
  const token = secret && oauth2Token(secret.reveal());
  return token?.kind === 'at' ? token.issued + TOKEN_LIFE_MS : undefined;
}

/**
 * Whether the profile's OAuth 2.0 access token lives less than `minLife` ms from now. A token that could not live that
 * long even when new counts as fresh for nine tenths of its life. Where the clock is earlier than when the token was
 * stored, it was set back and says nothing: the token is then taken to be expiring.
 * @returns undefined where nothing tells when it ends
 */
export function isExpiring(profile: Profile, minLife: number, now = Date.now()): boolean | undefined {
  const expires = expiryOf(profile);
  if (expires === undefined) return undefined;
  const stored = Date.parse(profile.fields.get('oauth2_access_token')?.set ?? '');
  const life = profile.grant ? expires - stored : TOKEN_LIFE_MS;
  return isEnding({ expires, stored, life }, minLife, now);
}

/** The same of a grant and the time when its token was stored, as the index has them. */
export function isGrantExpiring(grant: Grant, set: string, minLife: number, now = Date.now()): boolean {
  const [expires, stored] = [Date.parse(grant.expires), Date.parse(set)];
  return isEnding({ expires, stored, life: expires - stored }, minLife, now);
}

interface Life {
  readonly expires: number;
  readonly stored: number;
  readonly life: number;
}

function isEnding({ expires, stored, life }: Life, minLife: number, now: number): boolean {
  return now < stored - CLOCK_SLACK_MS || expires - now < Math.min(minLife, life * 0.9);
}
