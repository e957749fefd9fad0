import { randomBytes, randomInt } from 'node:crypto';
import { isSignedWith, readHeader } from './oauth1.mjs';
import { badRequest, invalidToken, notAuthenticated, Problem } from './problem.mjs';

/**
 * @typedef {import('./server.d.mts').Account} Account
 * @typedef {import('./server.d.mts').Answer} Answer
 * @typedef {import('./server.d.mts').SignedRequest & { endpoint: string, host: string }} Request
 * @typedef {{ secret: string, key: string, pin: string | undefined, account: Account | undefined, left: number }} Begun
 */

const MOST_PINS = 3;

/** How accounts are logged in at X, and how what they were given ends. */
export class Logins {
  /** Who is logged in to x.com in the browser: a name. */
  browserUser = '';
  /** The callbacks that the app's settings list. @type {string[]} */
  callbacks = [];
  /** Tokens that do not work any more. @type {Set<string>} */
  revoked = new Set();
  /** What each login by PIN asked for: `read` or `write`. @type {string[]} */
  accessTypes = [];
  /** Whether X forgets to do what it is asked for. */
  isForgetful = false;

  /** @type {readonly Account[]} */
  #accounts;
  /** @type {import('./oauth2.d.mts').OAuth2Server} */
  #oauth2;
  /** @type {Map<string, Begun>} */
  #begun = new Map();

  /** @param {readonly Account[]} accounts @param {import('./oauth2.d.mts').OAuth2Server} oauth2 */
  constructor(accounts, oauth2) {
    this.#accounts = accounts;
    this.#oauth2 = oauth2;
  }

  /** The answer where it is one of our endpoints. @param {Request} request @returns {Answer | undefined} */
  answer(request) {
    switch (`${request.host} ${request.endpoint}`) {
      case 'api.x.com POST /oauth/request_token':
        return this.#begin(request);
      case 'api.x.com GET /oauth/authorize':
        return this.#showPin(Object.fromEntries(request.parameters));
      case 'api.x.com POST /oauth/access_token':
        return this.#exchange(request);
      case 'api.x.com POST /oauth2/invalidate_token':
        return this.#endBearer(request);
      case 'x.com GET /i/oauth2/authorize':
        return this.#authorize(Object.fromEntries(request.parameters));
      default:
        return undefined;
    }
  }

  /** Ends a token. @param {string} token */
  end(token) {
    if (!this.isForgetful) this.revoked.add(token);
  }

  /** @param {Request} request */
  #begin(request) {
    const oauth = readHeader(request.authorization);
    const app = this.#accounts.find(({ api_key }) => api_key === oauth.oauth_consumer_key);
    const keys = app && { key: app.api_key, secret: app.api_secret, tokenSecret: '' };
    if (!keys || oauth.oauth_token !== undefined || !isSignedWith(keys, request, oauth))
      throw notAuthenticated();
    const given = Object.fromEntries(request.parameters);
    if ((given.oauth_callback ?? oauth.oauth_callback) !== 'oob') {
      throw new Problem(403, 415, 'Callback URL not approved for this client application.');
    }
    const token = randomBytes(20).toString('base64url');
    const secret = randomBytes(24).toString('hex');
    this.accessTypes.push(given.x_auth_access_type ?? 'write');
    this.#begun.set(token, {
      secret,
      key: keys.key,
      pin: undefined,
      account: undefined,
      left: MOST_PINS,
    });
    return form({ oauth_token: token, oauth_token_secret: secret, oauth_callback_confirmed: 'true' });
  }

  /** @param {Record<string, string>} parameters */
  #showPin({ oauth_token = '' }) {
    const begun = this.#begun.get(oauth_token);
    const account = this.#accounts.find(
      ({ api_key, username }) =>
        api_key === begun?.key && (username === this.browserUser || this.browserUser === ''),
    );
    if (!begun || !account) throw badRequest('there is no such login');
    begun.pin = String(randomInt(1e6, 1e7));
    begun.account = account;
    return page(`<p>Enter this PIN to finish authorizing: <code>${begun.pin}</code></p>`);
  }

  /** @param {Request} request */
  #exchange(request) {
    const oauth = readHeader(request.authorization);
    const given = Object.fromEntries(request.parameters);
    const token = oauth.oauth_token ?? '';
    const begun = this.#begun.get(token);
    const app = this.#accounts.find(({ api_key }) => api_key === oauth.oauth_consumer_key);
    if (!begun || !app || begun.key !== app.api_key) throw invalidToken();
    const keys = { key: app.api_key, secret: app.api_secret, tokenSecret: begun.secret };
    if (!isSignedWith(keys, request, oauth)) throw notAuthenticated();
    const pin = given.oauth_verifier ?? oauth.oauth_verifier;
    if (!begun.account || pin !== begun.pin) return this.#refusePin(token, begun);
    this.#begun.delete(token);
    const { id, username, access_token, access_token_secret } = begun.account;
    this.revoked.delete(access_token);
    const made = { oauth_token: access_token, oauth_token_secret: access_token_secret };
    return form({ ...made, user_id: id, screen_name: username });
  }

  /** @param {string} token @param {Begun} begun @returns {Answer} */
  #refusePin(token, begun) {
    begun.left -= 1;
    if (begun.left === 0) this.#begun.delete(token);
    const body = 'Error processing your OAuth request: Invalid oauth_verifier parameter';
    return { status: 401, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
  }

  /** @param {Request} request */
  #endBearer({ authorization, parameters }) {
    const [, basic = ''] = /^Basic\s+(\S+)$/i.exec(authorization ?? '') ?? [];
    const [key, secret] = Buffer.from(basic, 'base64').toString('utf8').split(':').map(decodeURIComponent);
    const token = parameters.find(([name]) => name === 'access_token')?.[1] ?? '';
    const app = this.#accounts.find((account) => account.api_key === key && account.api_secret === secret);
    if (!app) throw new Problem(403, 99, 'Unable to verify your credentials');
    if (app.bearer_token !== decodeURIComponent(token) && app.bearer_token !== token)
      throw new Problem(401, 348, 'Client application is not permitted to invalidate this token.');
    this.end(app.bearer_token);
    return { status: 200, body: { access_token: token } };
  }

  /** The page that asks whether the app may. @param {Record<string, string>} asked */
  #authorize({
    response_type,
    client_id = '',
    redirect_uri = '',
    scope = '',
    state = '',
    code_challenge = '',
    code_challenge_method,
  }) {
    const client = this.#oauth2.clientOf(client_id);
    const account = this.#accounts.find(({ username }) => username === this.browserUser) ?? this.#accounts[0];
    if (!client || !account) throw badRequest('no such client');
    if (
      response_type !== 'code' ||
      code_challenge_method !== 'S256' ||
      !/^[\w-]{43}$/.test(code_challenge) ||
      state === '' ||
      scope === ''
    )
      throw badRequest('the request is not one of OAuth 2.0 with PKCE');
    if (this.callbacks.length > 0 && !this.callbacks.includes(redirect_uri))
      throw badRequest('the callback is not registered');
    const login = { client, account, scopes: scope.split(' ') };
    const code = this.#oauth2.code({ ...login, redirect: redirect_uri, challenge: code_challenge });
    const link = (/** @type {Record<string, string>} */ answer) =>
      `${redirect_uri}?${new URLSearchParams(answer)}`.replaceAll('&', '&amp;');
    return page(
      `<p>The app would like to access @${account.username}: ${scope}</p>` +
        `<a id="allow" href="${link({ state, code })}">Authorize app</a> <a id="deny" href="${link({ error: 'access_denied', state })}">Cancel</a>`,
    );
  }
}

/** @param {Record<string, string>} values @returns {Answer} */
function form(values) {
  const body = new URLSearchParams(values).toString();
  return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}

/** @param {string} body @returns {Answer} */
function page(body) {
  return {
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `<!doctype html><html lang="en"><title>X</title><body>${body}</body></html>`,
  };
}
