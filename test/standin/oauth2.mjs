import { createHash, randomBytes } from 'node:crypto';

/**
 * @typedef {import('./oauth2.d.mts').Client} Client
 * @typedef {import('./oauth2.d.mts').Login} Login
 * @typedef {import('./server.d.mts').Answer} Answer
 */

const CODE_LIFE_MS = 30_000;

/**
 * X's OAuth 2.0 endpoints (RFC 6749, 7636, 7009) as X keeps them: codes and refresh tokens work once, a confidential
 * client shows its secret by HTTP Basic, a public one names itself in the form, and only forms are read.
 */
export class OAuth2Server {
  /** How long access tokens live, in seconds. */
  expiresIn = 7200;
  /** How long the token endpoint takes, in ms. */
  delay = 0;
  /** How many requests have come. */
  asked = 0;
  /** The stand-in's clock. */
  now = () => Date.now();
  /** Every call of the token endpoint: what it was for and what came of it. */
  /** @type {{ grant: string, status: number }[]} */
  calls = [];
  /** Replaces an answer once it was made: X has done what it was asked for by then. */
  /** @type {(answer: Answer) => Answer | 'drop'} */
  after = (answer) => answer;

  /** @type {Map<string, Login & { redirect: string, challenge: string, until: number }>} */
  #codes = new Map();
  /** @type {Map<string, Login & { until: number }>} */
  #access = new Map();
  /** @type {Map<string, Login>} */
  #refresh = new Map();
  /** @type {Map<string, Client>} */
  #clients = new Map();

  /** How many refreshes X did. */
  get refreshes() {
    return this.calls.filter(({ grant, status }) => grant === 'refresh_token' && status === 200).length;
  }

  /** A developer app. @param {Client} client */
  register(client) {
    this.#clients.set(client.id, client);
  }

  /** The app with this id. @param {string} id */
  clientOf(id) {
    return this.#clients.get(id);
  }

  /** A code as the browser would bring it back. @param {Login & { redirect: string, challenge: string }} login */
  code(login) {
    const code = token('ac');
    this.#codes.set(code, { ...login, until: this.now() + CODE_LIFE_MS });
    return code;
  }

  /** Tokens as a finished login has them. @param {Login} login */
  issue(login) {
    this.register(login.client);
    const [access, refresh] = [token('at'), token('rt')];
    this.#access.set(access, { ...login, until: this.now() + this.expiresIn * 1000 });
    this.#refresh.set(refresh, login);
    return { access, refresh };
  }

  /** Makes a refresh token good again, as if it had never been used. @param {string} refresh @param {Login} login */
  reissue(refresh, login) {
    this.#refresh.set(refresh, login);
  }

  /** Whose access token it is, where it is one of ours that lives. @param {string | undefined} authorization */
  holderOf(authorization) {
    const login = this.#access.get((authorization ?? '').replace(/^Bearer /, ''));
    return login && login.until > this.now() ? login.account : undefined;
  }

  /**
   * @param {{ endpoint: string, type: string, form: [string, string][], authorization: string | undefined }} request
   * @returns {Promise<Answer | 'drop'>}
   */
  async answer({ endpoint, type, form, authorization }) {
    this.asked += 1;
    const fields = Object.fromEntries(form);
    if (this.delay > 0) await new Promise((resolve) => setTimeout(resolve, this.delay));
    const made = /^application\/x-www-form-urlencoded\b/.test(type)
      ? this.#answer(endpoint, fields, authorization)
      : refused(400, 'invalid_request', 'the body is no form');
    this.calls.push({ grant: fields.grant_type ?? endpoint, status: made.status });
    return this.after(made);
  }

  /** @param {string} endpoint @param {Record<string, string>} fields @param {string | undefined} authorization */
  #answer(endpoint, fields, authorization) {
    const client = this.#client(fields, authorization);
    if (!client) return refused(401, 'unauthorized_client', 'Missing valid authorization header');
    if (endpoint === 'POST /2/oauth2/revoke') return this.#revoke(client, fields.token ?? '');
    if (endpoint !== 'POST /2/oauth2/token') return refused(404, 'not_found', '');
    if (fields.grant_type === 'refresh_token') return this.#renew(client, fields.refresh_token ?? '');
    if (fields.grant_type === 'authorization_code') return this.#exchange(client, fields);
    return refused(400, 'unsupported_grant_type', '');
  }

  /** @param {Record<string, string>} fields @param {string | undefined} authorization */
  #client(fields, authorization) {
    const basic = /^Basic (.+)$/.exec(authorization ?? '')?.[1];
    if (basic === undefined) {
      const client = this.#clients.get(fields.client_id ?? '');
      return client?.secret === undefined ? client : undefined;
    }
    const [id = '', secret] = Buffer.from(basic, 'base64').toString().split(':').map(decodeURIComponent);
    const client = this.#clients.get(id);
    return client?.secret !== undefined && client.secret === secret ? client : undefined;
  }

  /** @param {Client} client @param {string} given */
  #renew(client, given) {
    const login = this.#refresh.get(given);
    if (!login || login.client.id !== client.id)
      return refused(400, 'invalid_request', 'Value passed for the token was invalid.');
    this.#refresh.delete(given);
    return this.#granted(login);
  }

  /** @param {Client} client @param {Record<string, string>} fields */
  #exchange(client, { code = '', redirect_uri, code_verifier = '' }) {
    const login = this.#codes.get(code);
    this.#codes.delete(code);
    const challenge = createHash('sha256').update(code_verifier).digest('base64url');
    const isGood =
      login?.client.id === client.id && login.redirect === redirect_uri && login.challenge === challenge;
    if (!login || !isGood || login.until < this.now()) return refused(400, 'invalid_grant', '');
    return this.#granted(login);
  }

  /** @param {Login} login @returns {Answer} */
  #granted(login) {
    const { access, refresh } = this.issue(login);
    const isOffline = login.scopes.includes('offline.access');
    return {
      status: 200,
      body: {
        token_type: 'bearer',
        expires_in: this.expiresIn,
        access_token: access,
        scope: login.scopes.join(' '),
        ...(isOffline ? { refresh_token: refresh } : {}),
      },
    };
  }

  /** @param {Client} client @param {string} given @returns {Answer} */
  #revoke(client, given) {
    const login = this.#access.get(given) ?? this.#refresh.get(given);
    if (login?.client.id === client.id) {
      this.#access.delete(given);
      this.#refresh.delete(given);
    }
    return { status: 200, body: { revoked: true } };
  }
}

/** @param {number} status @param {string} error @param {string} text @returns {Answer} */
function refused(status, error, text) {
  return { status, body: { error, error_description: text } };
}

/** Shaped like X's: base64url of a random part, the time and the kind. @param {'at' | 'rt' | 'ac'} kind */
function token(kind) {
  const random = randomBytes(40).toString('base64url').slice(0, 45);
  return Buffer.from(`${random}:${Date.now()}:1:1:${kind}:1`).toString('base64url');
}
