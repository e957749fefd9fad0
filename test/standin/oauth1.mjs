import { createHmac, timingSafeEqual } from 'node:crypto';
import OAuth from 'oauth-1.0a';
import { badAuthentication, invalidToken, notAuthenticated, staleTimestamp } from './problem.mjs';

const MAX_AGE_SECONDS = 5 * 60;

/**
 * Finds out whose request it is by OAuth 1.0a (RFC 5849), as X does. The signature is recomputed by oauth-1.0a, which
 * neither the product nor tweepy signs with, so that one implementation's mistake is not checked by itself.
 *
 * @param {readonly import('./server.d.mts').Account[]} accounts
 * @param {{ has(token: string): boolean }} [revoked] tokens that do not work any more
 * @returns {(request: import('./server.d.mts').SignedRequest) => import('./server.d.mts').Account}
 */
export function authenticator(accounts, revoked = new Set()) {
  /** @type {Set<string>} */
  const seen = new Set();

  return (request) => {
    const oauth = readHeader(request.authorization);
    refuseSecondCopies(request);
    refuseStale(oauth.oauth_timestamp);
    const account = accountOf(oauth, accounts);
    const { api_key: key, api_secret: secret, access_token_secret: tokenSecret } = account;
    if (!isSignedWith({ key, secret, tokenSecret }, request, oauth)) throw notAuthenticated();
    if (revoked.has(account.access_token)) throw invalidToken();
    refuseReplay(seen, oauth);
    return account;
  };
}

/**
 * The parameters of `Authorization: OAuth name="value", ...`
 * @param {string | undefined} header
 * @returns {Record<string, string>}
 */
export function readHeader(header) {
  const list = /^OAuth\s+(.*)$/i.exec(header ?? '')?.[1];
  if (list === undefined) throw badAuthentication();
  const pairs = list.split(',').map((text) => {
    const [, name, value] = /^\s*([^=\s]+)="([^"]*)"\s*$/.exec(text) ?? [];
    if (name === undefined || value === undefined) throw badAuthentication();
    return [decode(name), decode(value)];
  });
  const oauth = Object.fromEntries(pairs);
  if (Object.keys(oauth).length !== pairs.length) throw badAuthentication();
  if (oauth.oauth_signature_method !== 'HMAC-SHA1') throw badAuthentication();
  if (!oauth.oauth_signature || !oauth.oauth_nonce) throw badAuthentication();
  return oauth;
}

/**
 * A parameter that stands both in the header and elsewhere could be signed as one thing and read as another.
 * @param {import('./server.d.mts').SignedRequest} request
 */
function refuseSecondCopies({ parameters }) {
  if (parameters.some(([name]) => name.startsWith('oauth_'))) throw badAuthentication();
}

/** @param {string | undefined} timestamp */
function refuseStale(timestamp) {
  if (!/^\d{1,12}$/.test(timestamp ?? '')) throw badAuthentication();
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > MAX_AGE_SECONDS) throw staleTimestamp();
}

/**
 * @param {Record<string, string>} oauth
 * @param {readonly import('./server.d.mts').Account[]} accounts
 */
function accountOf(oauth, accounts) {
  const ofApp = accounts.filter((account) => account.api_key === oauth.oauth_consumer_key);
  if (ofApp.length === 0) throw notAuthenticated();
  const owner = accounts.find((account) => account.access_token === oauth.oauth_token);
  if (!owner) throw invalidToken();
  if (!ofApp.includes(owner)) throw notAuthenticated(); // a token that another app was given
  return owner;
}

/**
 * @param {{ key: string, secret: string, tokenSecret: string }} keys
 * @param {import('./server.d.mts').SignedRequest} request
 * @param {Record<string, string>} oauth
 */
export function isSignedWith(keys, { method, url, parameters }, oauth) {
  const signer = new OAuth({
    consumer: { key: keys.key, secret: keys.secret },
    signature_method: 'HMAC-SHA1',
    hash_function: (text, key) => createHmac('sha1', key).update(text).digest('base64'),
  });
  const { oauth_signature = '', realm, ...signed } = oauth;
  const request = { method, url, data: grouped(parameters) };
  // The library's types ask for what it would fill in itself; it takes what was received just as well.
  const expected = signer.getSignature(request, keys.tokenSecret, /** @type {any} */ (signed));
  return isSame(expected, oauth_signature);
}

/**
 * oauth-1.0a's own form: a name that comes more than once holds a list.
 * @param {readonly (readonly [string, string])[]} parameters
 */
function grouped(parameters) {
  const names = new Set(parameters.map(([name]) => name));
  return Object.fromEntries(
    [...names].map((name) => {
      const values = parameters.filter(([other]) => other === name).map(([, value]) => value);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
}

/** @param {string} left @param {string} right */
function isSame(left, right) {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** @param {Set<string>} seen @param {Record<string, string>} oauth */
function refuseReplay(seen, { oauth_consumer_key, oauth_token, oauth_timestamp, oauth_nonce }) {
  const once = JSON.stringify([oauth_consumer_key, oauth_token, oauth_timestamp, oauth_nonce]);
  if (seen.has(once)) throw notAuthenticated();
  seen.add(once);
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badAuthentication();
  }
}
