import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { authenticator } from './oauth1.mjs';
import { badRequest, notFound, Problem } from './problem.mjs';
import { ROUTES } from './routes.mjs';

/** Whom the stand-in answers for. What clients sign is https, though it is plain HTTP that gets here. */
const HOSTS = new Set(['api.x.com', 'api.twitter.com']);

/**
 * @param {import('./server.d.mts').StandInOptions} options
 * @returns {Promise<import('./server.d.mts').StandIn>}
 */
export async function startStandIn({ accounts, port = 0, onPost }) {
  /** @type {import('./server.d.mts').Post[]} */
  const posts = [];
  const authenticate = authenticator(accounts);

  const server = createServer(async (request, response) => {
    const before = posts.length;
    const { status, body, headers } = await answer(request, authenticate, posts);
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
    response.end(JSON.stringify(body));
    for (const post of posts.slice(before)) onPost?.(post);
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve(undefined));
  });

  return {
    port: /** @type {import('node:net').AddressInfo} */ (server.address()).port,
    posts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections(); // clients keep theirs alive
      }),
  };
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {ReturnType<typeof authenticator>} authenticate
 * @param {import('./server.d.mts').Post[]} posts
 * @returns {Promise<import('./server.d.mts').Answer>}
 */
async function answer(request, authenticate, posts) {
  try {
    const { method = '', url = '/', headers } = request;
    const { host = '', authorization } = headers;
    const body = await text(request);
    if (!HOSTS.has(host)) throw notFound();
    const { origin, pathname, searchParams } = new URL(url, `https://${host}`);
    const route = Object.hasOwn(ROUTES, `${method} ${pathname}`) && ROUTES[`${method} ${pathname}`];
    if (!route) throw notFound();
    const type = headers['content-type'] ?? '';
    const form = /^application\/x-www-form-urlencoded\b/i.test(type) ? new URLSearchParams(body) : [];
    const parameters = [...searchParams, ...form];
    const account = authenticate({ method, url: `${origin}${pathname}`, parameters, authorization });
    return route({ account, posts, parameters, json: parsed(type, body) });
  } catch (error) {
    const problem = error instanceof Problem ? error : new Problem(500, 131, `internal error: ${error}`);
    return { status: problem.status, body: problem.body };
  }
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
