import { type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BINARY, TWVAULT, type User } from '../support/cli.ts';
import { endsIn, loggedIn } from './login.ts';

/** A bot that asks for a token, says what it got, and lets time pass by way of a line from its standard input. */
const ASK = `
  const { TWVAULT_TOKEN_URL: url, TWVAULT_TOKEN_SECRET: secret } = process.env;
  const http = require('node:http');
  const ask = (headers, method = 'GET', path = '') => new Promise((resolve, reject) => {
    const options = { method, headers, agent: new http.Agent() };
    http.request(url + path, options, (response) => {
      let text = '';
      response.on('data', (part) => (text += part)).on('end', () => resolve([response.statusCode, JSON.parse(text)]));
    }).on('error', reject).end();
  });
  const good = { authorization: 'Bearer ' + secret };`;

/** Runs a bot beside a twvault whose own clock passes two hours at each request. */
async function outliving(user: User, bot: string, ...options: string[]) {
  const jump = `const { Server } = require('node:http'); const { emit } = Server.prototype;
    Server.prototype.emit = function (name, ...rest) { if (name === 'request') passTime(7200); return emit.call(this, name, ...rest); };`;
  const preload = join(user.root, 'jump.cjs');
  writeFileSync(preload, jump);
  const clock = [join(import.meta.dirname, 'clock.cjs'), preload];
  const command = ['exec', '--serve', ...options, '--', process.execPath, '-e', bot];
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe'];
  const ofBun = [user.env.BUN_OPTIONS, ...clock.map((path) => `--preload ${path}`)].join(' ');
  const child = BINARY
    ? spawn(BINARY, command, { env: { ...user.env, BUN_OPTIONS: ofBun } as NodeJS.ProcessEnv, stdio })
    : spawn(process.execPath, [...clock.flatMap((path) => ['--require', path]), TWVAULT, ...command], {
        env: user.env as NodeJS.ProcessEnv,
        stdio,
      });
  let [out, errors] = ['', ''];
  child.stdout?.on('data', (part) => (out += part));
  child.stderr?.on('data', (part) => (errors += part));
  const [status] = await once(child, 'close');
  return { status, out, errors };
}

describe('exec --serve', () => {
  it('cannot be kept busy by connections that say nothing', async () => {
    const { user, issued } = await loggedIn();
    const bot = `${ASK}
      const { port } = new URL(url);
      const open = () => new Promise((resolve) => {
        const socket = require('node:net').connect(port, '127.0.0.1', resolve);
        socket.on('error', () => {});
      });
      (async () => {
        for (let count = 0; count < 200; count += 1) await open();
        const [, body] = await ask(good);
        console.log(body.access_token);
        process.exit();
      })()`;
    await endsIn(user, 3600);
    expect(await user.start(['exec', '--serve', '--', process.execPath, '-e', bot])).toMatchObject({
      status: 0,
      stdout: `${issued.access}\n`,
    });
  });

  it('gives the token to who knows the secret, and to nobody else', async () => {
    const { user, oauth2, issued } = await loggedIn();
    const bot = `${ASK}
      (async () => {
        const statuses = [];
        for (const [headers, method, path] of [
          [{}], [{ authorization: 'Bearer x' }], [good, 'POST'], [good, 'OPTIONS'], [good, 'GET', 'other'],
          [{ ...good, host: 'evil.example' }],
        ]) statuses.push((await ask(headers, method, path))[0]);
        const [status, body] = await ask(good);
        console.log(JSON.stringify({ statuses, status, body, env: process.env }));
      })()`;
    await endsIn(user, 3600);
    const result = await user.start(['exec', '--serve', '--', process.execPath, '-e', bot]);
    expect([result.status, result.stderr]).toEqual([0, '']);
    const { statuses, status, body, env } = JSON.parse(result.stdout);
    expect(statuses).toEqual([401, 401, 405, 405, 404, 403]);
    expect([status, body.access_token]).toEqual([200, issued.access]);
    expect(Date.parse(body.expires_at)).toBeGreaterThan(Date.now());
    expect(env.TWITTER_OAUTH2_USER_ACCESS_TOKEN).toBe(issued.access);
    expect(JSON.stringify(env)).not.toContain(issued.refresh);
    expect(oauth2.refreshes).toBe(0);
  });

  it('renews for a bot that outlives its token; status and signals are the bot’s, and the address ends with it', async () => {
    const { user, oauth2, issued } = await loggedIn();
    await endsIn(user, 3600);
    const bot = `${ASK}
      (async () => {
        const seen = new Set();
        for (let each = 0; each < 5; each += 1) seen.add((await ask(good))[1].access_token);
        console.log(JSON.stringify({ seen: [...seen], url }));
        process.kill(process.pid, 'SIGTERM');
        setInterval(() => {}, 1000);
      })()`;
    const { status, out, errors } = await outliving(user, bot);
    expect([status, errors]).toEqual([143, '']);
    const { seen, url } = JSON.parse(out);
    expect(seen).toHaveLength(5);
    expect(seen).not.toContain(issued.access);
    expect(oauth2.refreshes).toBe(5);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('masks each token that it gives out, and the secret of the run', async () => {
    const { user, oauth2 } = await loggedIn();
    await endsIn(user, 3600);
    const bot = `${ASK}
      (async () => {
        console.log(secret, encodeURIComponent(JSON.stringify(good)), Buffer.from(secret).toString('base64'));
        for (let each = 0; each < 3; each += 1) {
          const { access_token } = (await ask(good))[1];
          console.log(access_token.length, access_token);
          console.error(JSON.stringify({ access_token }));
        }
      })()`;
    const { status, out, errors } = await outliving(user, bot, '--mask');
    const [token, secret] = ['[personal/oauth2_access_token]', '[personal/TWVAULT_TOKEN_SECRET]'];
    const [first, ...lines] = out.trim().split('\n');
    expect(first).toBe(`${secret} %7B%22authorization%22%3A%22Bearer%20${secret}%22%7D ${secret}`);
    expect(lines.map((line) => line.replace(/^\d+ /, ''))).toEqual([token, token, token]);
    expect(errors).toBe(`{"access_token":"${token}"}\n`.repeat(3));
    expect([status, oauth2.refreshes]).toEqual([0, 3]);
  });

  it('needs a login', async () => {
    const { user } = await loggedIn();
    user.add('other');
    const result = await user.start(['exec', '-p', 'other', '--serve', '--', 'true']);
    expect([result.status, result.stderr]).toEqual([
      125,
      'twvault: other has no OAuth 2.0 login\ntwvault: hint: log in: twvault login other --oauth2\n',
    ]);
  });
});

describe('exec --min-life', () => {
  const TOKEN = ['printenv', 'TWITTER_OAUTH2_USER_ACCESS_TOKEN'];

  it('hands over a token that lives that long', async () => {
    const { user, oauth2, issued } = await loggedIn();
    await endsIn(user, 900);
    expect((await user.start(['exec', '--', ...TOKEN])).stdout.trim()).toBe(issued.access);
    expect((await user.start(['exec', '--min-life', '0', '--', ...TOKEN])).stdout.trim()).toBe(issued.access);
    expect((await user.start(['exec', '--only', 'client_id', '--min-life=1h', '--', 'true'])).status).toBe(0);
    expect(oauth2.refreshes).toBe(0);
    const renewed = (await user.start(['exec', '--min-life', '20m', '--', ...TOKEN])).stdout.trim();
    expect(renewed).not.toBe(issued.access);
    expect(oauth2.refreshes).toBe(1);
  });

  it('never hands over the refresh token, nor an outer token address', async () => {
    const { user, issued } = await loggedIn();
    const refused = await user.start(['exec', '--env', 'R=oauth2_refresh_token', '--', 'env']);
    expect(refused.status).toBe(125);
    expect(refused.stderr).toContain('a refresh token is never handed to a command');
    const env = { TWVAULT_TOKEN_URL: 'http://127.0.0.1:1/', TWVAULT_TOKEN_SECRET: 'outer' };
    const { stdout } = await user.start(['exec', '--', 'env'], { env });
    expect(stdout).not.toMatch(/TWVAULT_TOKEN/);
    expect(stdout).not.toContain(issued.refresh);
    expect((await user.start(['exec', '--min-life', 'soon', '--', 'true'])).status).toBe(125);
  });

  it('does not start a command with a token that is dead, and says how to do without', async () => {
    const { user, oauth2 } = await loggedIn({ fault: () => ({ status: 500, body: {} }) });
    await endsIn(user, 0);
    const result = await user.start(['exec', '--', 'true']);
    expect(result.status).toBe(125);
    expect(result.stderr).toContain('--min-life 0');
    expect(oauth2.refreshes).toBe(0);
  });
});
