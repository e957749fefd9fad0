// X in a process of its own, and the person at its pages: `node elsewhere.mjs < setting.json`, says the port. Where a
// file is named, each link that is written to it is opened as in a browser, and the login there allowed.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { OAuth2Server } from '../standin/oauth2.mjs';
import { startStandIn } from '../standin/server.mjs';

/** @type {{ accounts: import('../standin/server.mjs').Account[], client?: import('../standin/oauth2.mjs').Client, opened?: string }} */
const { accounts, client, opened } = JSON.parse(await text(process.stdin));
const oauth2 = new OAuth2Server();
if (client) oauth2.register(client);
const { port } = await startStandIn({ accounts, oauth2 });
console.log(JSON.stringify({ port }));
if (opened !== undefined) setInterval(() => void open(opened).catch(() => {}), 20); // twvault may be gone by then

/** @param {string} file */
async function open(file) {
  if (!existsSync(file)) return;
  const link = new URL(readFileSync(file, 'utf8'));
  rmSync(file);
  const { body } = await visit(port, `${link.pathname}${link.search}`, { host: link.host });
  const back = new URL(/id="allow" href="([^"]*)"/.exec(body)?.[1]?.replaceAll('&amp;', '&') ?? '');
  const { location } = await visit(Number(back.port), `${back.pathname}${back.search}`);
  if (location !== undefined) await visit(Number(back.port), new URL(location).pathname);
}

/**
 * @param {number} to a port
 * @param {string} path
 * @param {Record<string, string>} [headers]
 * @returns {Promise<{ body: string, location: string | undefined }>}
 */
function visit(to, path, headers = {}) {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port: to, path, headers, agent: false }, async (response) => {
      resolve({ body: await text(response), location: response.headers.location });
    }).on('error', reject);
  });
}
