import { randomInt } from 'node:crypto';
import { badRequest } from './problem.mjs';

/**
 * How each endpoint lets itself be asked: by an OAuth 1.0a signature alone, where it is not here.
 * @type {Record<string, readonly ('oauth1' | 'app' | 'user')[]>}
 */
export const WAYS = {
  'GET /2/users/me': ['oauth1', 'user'],
  'GET /2/usage/tweets': ['app'],
  'POST /2/tweets': ['oauth1', 'user'],
};

/**
 * What the stand-in can do. Another endpoint is one more entry.
 * @type {Record<string, (call: import('./server.d.mts').Call) => import('./server.d.mts').Answer>}
 */
export const ROUTES = {
  'GET /1.1/account/verify_credentials.json': ({ account }) => ({
    status: 200,
    headers: { 'x-access-level': account.access_level ?? 'read-write', ...RATE_LIMIT },
    body: v1User(account),
  }),

  'POST /1.1/oauth/invalidate_token.json': ({ account, logins }) => {
    logins.end(account.access_token);
    return { status: 200, body: { access_token: account.access_token } };
  },

  'GET /2/users/me': ({ account: { id, username } }) => ({
    status: 200,
    body: { data: { id, username, name: username } },
  }),

  'GET /2/usage/tweets': () => ({
    status: 200,
    body: { data: { project_id: '1', project_cap: '10000', project_usage: '123', cap_reset_day: 4 } },
  }),

  'POST /2/tweets': (call) => {
    const { id, text } = post(call, textOf(call.json));
    return { status: 201, body: { data: { id, text, edit_history_tweet_ids: [id] } } };
  },

  'POST /1.1/statuses/update.json': (call) => {
    const status = call.parameters.find(([name]) => name === 'status')?.[1];
    const { id, text } = post(call, status);
    return { status: 200, body: { id: Number(id), id_str: id, text, user: v1User(call.account) } };
  },
};

const RATE_LIMIT = {
  'x-rate-limit-limit': '75',
  'x-rate-limit-remaining': '74',
  'x-rate-limit-reset': '2000000000',
};

/** @param {import('./server.d.mts').Account} account */
function v1User({ id, username }) {
  return { id: Number(id), id_str: id, name: username, screen_name: username };
}

/** @param {unknown} json */
function textOf(json) {
  return json !== null && typeof json === 'object' && 'text' in json ? json.text : undefined;
}

/** @param {import('./server.d.mts').Call} call @param {unknown} text */
function post({ posts, account }, text) {
  if (typeof text !== 'string' || text === '') throw badRequest('a post needs a text');
  const made = { id: String(randomInt(1e12, 2e12)), text, account };
  posts.push(made);
  return made;
}
