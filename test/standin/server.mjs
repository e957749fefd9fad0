import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { appLogin, bearerOf } from './bearer.mjs';
import { Logins } from './logins.mjs';
import { authenticator } from './oauth1.mjs';
import { OAuth2Server } from './oauth2.mjs';
import { badRequest, notFound, Problem, unsupportedAuthentication } from './problem.mjs';
import { ROUTES, WAYS } from './routes.mjs';

/** Whom the stand-in answers for. What clients sign is https, though it is plain HTTP that gets here. */
const HOSTS = new Set(['api.x.com', 'api.twitter.com', 'x.com']);

/**
 * @param {import('./server.d.mts').StandInOptions} options
 * @returns {Promise<import('./server.d.mts').StandIn>}
 */
export async function startStandIn({ accounts, port = 0, onPost, fault, oauth2 = new OAuth2Server() }) {
  /** @type {import('./server.d.mts').Post[]} */
  const posts = [];
  const logins = new Logins(accounts, oauth2);
  const authenticate = authenticator(accounts, logins.revoked);
  const parties = { accounts, authenticate, posts, oauth2, logins };

  const server = createServer(async (request, response) => {
    const before = posts.length;
    const given = (await fault?.(asked(request))) ?? (await answer(request, parties));
    if (given === 'hang') return;
    if (given === 'drop') return void request.socket.destroy();
    const { status, body, headers } = given;
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
    for (const post of posts.slice(before)) onPost?.(post);
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve(undefined));
  });

  return {
    port: /** @type {import('node:net').AddressInfo} */ (server.address()).port,
    posts,
    logins,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections(); // clients keep theirs alive
      }),
  };
}

/**
 * @typedef {{
 *   accounts: readonly import('./server.d.mts').Account[],
 *   authenticate: ReturnType<typeof authenticator>,
 *   posts: import('./server.d.mts').Post[],
 *   oauth2: OAuth2Server,
 *   logins: Logins,
 * }} Parties
 */

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {Parties} parties
 * @returns {Promise<import('./server.d.mts').Fault>}
 */
async function answer(request, { accounts, authenticate, posts, oauth2, logins }) {
  try {
    const { method = '', url = '/', headers } = request;
    const { host = '', authorization } = headers;
    const body = await text(request);
    if (!HOSTS.has(host)) throw notFound();
    const { origin, pathname, searchParams } = new URL(url, `https://${host}`);
    const endpoint = `${method} ${pathname}`;
    const type = headers['content-type'] ?? '';
    const form = /^application\/x-www-form-urlencoded\b/i.test(type) ? new URLSearchParams(body) : [];
    const parameters = [...searchParams, ...form];
    const signing = { method, url: `${origin}${pathname}`, parameters, authorization };
    const login = logins.answer({ ...signing, endpoint, host });
    if (login) return login;
    if (endpoint === 'POST /oauth2/token') return appLogin(accounts, authorization, parameters);
    if (pathname.startsWith('/2/oauth2/'))
      return await oauth2.answer({ endpoint, type, form: [...form], authorization });
    const route = Object.hasOwn(ROUTES, endpoint) && ROUTES[endpoint];
    if (!route) throw notFound();
    const ways = (Object.hasOwn(WAYS, endpoint) && WAYS[endpoint]) || ['oauth1'];
    const signed = () => authenticate(signing);
    const holder = ways.includes('user') && oauth2.holderOf(authorization);
    const account = holder || asker(ways, accounts, authorization, signed, logins);
    return route({ account, posts, logins, parameters, json: parsed(type, body) });
  } catch (error) {
    const problem = error instanceof Problem ? error : new Problem(500, 131, `internal error: ${error}`);
    return { status: problem.status, body: problem.body };
  }
}

/**
 * @param {readonly string[]} ways how the endpoint may be asked
 * @param {readonly import('./server.d.mts').Account[]} accounts
 * @param {string | undefined} authorization
 * @param {() => import('./server.d.mts').Account} signed whose OAuth 1.0a signature it is
 * @param {Logins} logins
 */
function asker(ways, accounts, authorization, signed, logins) {
  if (!/^Bearer\s/i.test(authorization ?? '')) {
    if (!ways.includes('oauth1')) throw unsupportedAuthentication();
    return signed();
  }
  const { account, kind } = bearerOf(accounts, /** @type {string} */ (authorization), logins.revoked);
  if (!ways.includes(kind)) throw unsupportedAuthentication();
  return account;
}

/** @param {import('node:http').IncomingMessage} request */
function asked({ method, url = '/', headers }) {
  return { endpoint: `${method} ${url.split('?')[0]}`, authorization: headers.authorization };
}

/** @param {string} type @param {string} body */
function parsed(type, body) {
  if (!/^application\/json\b/i.test(type) || body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    throw badRequest('the body is not JSON');
  }
}

/** `node server.mjs [PORT] < accounts.json`: says the port, then each post, one JSON line each. */
async function main() {
  const { port } = await startStandIn({
    accounts: JSON.parse(await text(process.stdin)),
    port: Number(process.argv[2] ?? 0),
    onPost: (post) => console.log(JSON.stringify({ text: post.text, username: post.account.username })),
  });
  console.log(JSON.stringify({ port }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
