import { timingSafeEqual } from 'node:crypto';
import { Problem } from './problem.mjs';

/** @typedef {import('./server.d.mts').Account} Account */

/** v2's own answer to a token that it does not know. */
const unauthorized = () =>
  Problem.v2(401, { title: 'Unauthorized', type: 'about:blank', status: 401, detail: 'Unauthorized' });

/**
 * Whose bearer token a request carries, and whether it is the app's or a user's.
 * @param {readonly Account[]} accounts
 * @param {string} authorization
 * @param {{ has(token: string): boolean }} revoked tokens that do not work any more
 * @returns {{ account: Account, kind: 'app' | 'user' }}
 */
export function bearerOf(accounts, authorization, revoked) {
  const token = authorization.replace(/^Bearer\s+/i, '');
  if (revoked.has(token)) throw unauthorized();
  for (const account of accounts) {
    if (isSame(account.bearer_token, token)) return { account, kind: 'app' };
    if (isSame(account.oauth2_access_token, token)) return { account, kind: 'user' };
  }
  throw unauthorized();
}

/**
 * The app-only login: the API key and secret as a Basic login, both percent-encoded first, give the app's bearer token.
 * @param {readonly Account[]} accounts
 * @param {string | undefined} authorization
 * @param {readonly (readonly [string, string])[]} parameters
 * @returns {import('./server.d.mts').Answer}
 */
export function appLogin(accounts, authorization, parameters) {
  const [, basic = ''] = /^Basic\s+(\S+)$/i.exec(authorization ?? '') ?? [];
  const [key, secret] = Buffer.from(basic, 'base64').toString('utf8').split(':').map(decodeURIComponent);
  const isAsked = parameters.some(([name, value]) => name === 'grant_type' && value === 'client_credentials');
  const account = accounts.find(
    ({ api_key, api_secret }) => isSame(api_key, key) && isSame(api_secret, secret),
  );
  if (!account || !isAsked) throw new Problem(403, 99, 'Unable to verify your credentials');
  const token =
    account.bearer_token ?? `AAAAAAAAAAAAAAAAAAAAAA${Buffer.from(account.api_key).toString('hex')}`;
  return { status: 200, body: { token_type: 'bearer', access_token: token } };
}

/** @param {string | undefined} left @param {string | undefined} right */
function isSame(left, right) {
  const [a, b] = [Buffer.from(left ?? ''), Buffer.from(right ?? '')];
  return a.length > 0 && a.length === b.length && timingSafeEqual(a, b);
}
