import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { RUNNER, TWVAULT } from '../support/cli.ts';
import { has } from '../support/tools.ts';
import { KEY, Terminal } from '../terminal/pty.ts';
import { AtX, freePort, linkIn, visit } from './at-x.ts';
import { Chromium } from './chromium.ts';

/** A login that waits for the browser. */
async function begun(world: AtX, ...options: string[]) {
  const port = await freePort();
  const args = ['login', 'personal', '--oauth2', '--port', String(port), ...options];
  const child = spawn(RUNNER, [TWVAULT, ...args], {
    env: world.user.env as NodeJS.ProcessEnv,
    cwd: join(world.user.root, 'work'),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { text: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes) => {
      said.text += bytes;
    });
  }
  const end = once(child, 'close').then(([code]) => code as number);
  onTestFinished(() => void child.kill('SIGKILL'));
  while (linkIn(said.text) === '' || !said.text.includes('hint: the app must')) {
    if (child.exitCode !== null) throw new Error(said.text);
    await pause(10);
  }
  return { port, child, said, end, link: linkIn(said.text), redirect: `http://127.0.0.1:${port}/callback` };
}

/** The browser comes back: what it is answered, and the page that it ends on. */
async function comeBack(address: string) {
  const { port, pathname, search } = new URL(address);
  const first = await visit(Number(port), `${pathname}${search}`);
  const location = String(first.headers.location ?? '');
  return {
    first,
    location,
    last: location ? await visit(Number(port), new URL(location).pathname) : undefined,
  };
}

describe('login --oauth2', () => {
  it.each([false, true])('connects an account through the browser (public client: %s)', async (isPublic) => {
    const world = await new AtX({ isPublic }).start();
    world.addApp();
    world.x.logins.browserUser = 'bob';
    const login = await begun(world);
    world.x.logins.callbacks.push(login.redirect);
    await vi.waitFor(() => expect(world.opened).toBe(login.link));
    expect(new URL(login.link).searchParams.get('scope')).toBe(
      'tweet.read users.read offline.access tweet.write media.write',
    );
    const address = await world.way(login.link);
    const { first, location, last } = await comeBack(address);
    expect(first.status).toBe(303);
    expect(location).toBe(`http://127.0.0.1:${login.port}/done`);
    expect(last?.body).toContain('<h1>Connected @bob</h1>');
    expect(last?.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    expect(last?.headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+';/,
    );
    expect(await login.end).toBe(0);
    const { fields, account, grant } = await world.stored('personal');
    expect([account, Object.keys(fields).filter((field) => field.startsWith('oauth2'))]).toEqual([
      { id: '7654321', name: 'bob' },
      ['oauth2_access_token', 'oauth2_refresh_token'],
    ]);
    expect(grant?.scopes).toContain('tweet.write');
    expect(Math.abs(Date.parse(grant?.expires ?? '') - Date.now() - 7_200_000)).toBeLessThan(20_000);
    expect((await world.user.start(['verify', 'personal'])).status).toBe(0);
    expect((await world.user.start(['token', 'personal', '--min-life', '2h'])).stdout.trim()).not.toBe('');
    const code = new URL(address).searchParams.get('code') as string;
    world.secrets.push(code);
    world.checkSilence(login.said.text, first.body, last?.body ?? '', JSON.stringify(last?.headers));
  });

  it('refuses what does not belong to it, and goes on waiting', async () => {
    const world = await new AtX().start();
    world.addApp();
    const login = await begun(world);
    const address = new URL(await world.way(login.link));
    const good = `${address.pathname}${address.search}`;
    const wrong = good.replace(/state=[^&]*/, 'state=x');
    const statuses = [
      await visit(login.port, wrong),
      await visit(login.port, good.replace(/state=[^&]*&?/, '')),
      await visit(login.port, '/callback?error=access_denied'),
      await visit(login.port, good.replace(/code=[^&]*/, 'code=')),
      await visit(login.port, '/done'),
      await visit(login.port, '/'),
      await visit(login.port, good, {}, 'POST'),
      await visit(login.port, good, { host: `elsewhere.example:${login.port}` }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([400, 400, 400, 400, 404, 404, 405, 421]);
    expect(login.child.exitCode).toBe(null);
    const { last } = await comeBack(address.href);
    expect(last?.body).toContain('Connected @ada');
    expect(await login.end).toBe(0);
  });

  it('says that the login was declined, there and here', async () => {
    const world = await new AtX().start();
    world.addApp();
    const login = await begun(world);
    const { last } = await comeBack(await world.way(login.link, 'deny'));
    expect(last?.body).toContain('Nothing was connected');
    expect(await login.end).toBe(5);
    expect(login.said.text).toContain('twvault: the login was declined in the browser; nothing was stored');
  });

  it('keeps the tokens where X does not say whose they are', async () => {
    const world = await new AtX().start(({ endpoint }) =>
      endpoint === 'GET /2/users/me' ? { status: 503, body: {} } : undefined,
    );
    world.addApp();
    const login = await begun(world);
    const { last } = await comeBack(await world.way(login.link));
    expect(last?.body).toContain('X did not say which account it is');
    expect(await login.end).toBe(0);
    expect(login.said.text).toContain('which account it is could not be asked: X is in trouble (HTTP 503)');
    expect(login.said.text).toContain('twvault verify personal');
    const { fields, account } = await world.stored('personal');
    expect([fields.oauth2_refresh_token, account]).toEqual([expect.any(String), undefined]);
    world.checkSilence(login.said.text);
  });

  it('does not let another account take a profile over', async () => {
    const world = await new AtX().start();
    world.addApp('app');
    const { access_token = '', access_token_secret = '' } = world.accounts[0] ?? {};
    world.store('personal', { access_token, access_token_secret }, '--inherit', 'app');
    world.x.logins.browserUser = 'bob';
    const login = await begun(world);
    const { last } = await comeBack(await world.way(login.link));
    expect(last?.body).toContain('That was a login as @bob (7654321), but personal belongs to 1234567');
    expect(await login.end).toBe(1);
    expect(Object.keys((await world.stored('personal')).fields)).toEqual([
      'access_token',
      'access_token_secret',
    ]);
    const again = await begun(world, '--replace-account');
    await comeBack(await world.way(again.link));
    expect(await again.end).toBe(0);
    expect(again.said.text).toContain(
      'removed access_token, access_token_secret, which belonged to the account before',
    );
    expect(Object.keys((await world.stored('personal')).fields)).toEqual([
      'oauth2_access_token',
      'oauth2_refresh_token',
    ]);
  });

  it('says which port is taken, and what to do', async () => {
    const world = await new AtX().start();
    world.addApp();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as { port: number };
    const { status, stderr } = await world.user.start([
      'login',
      'personal',
      '--oauth2',
      '--port',
      String(port),
    ]);
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining(`another program listens on port ${port} already`),
    ]);
    expect(stderr).toContain('http://127.0.0.1:N/callback as a callback in console.x.com');
    expect(world.opened).toBeUndefined();
  });

  it('ends when nobody comes, and at an interrupt', async () => {
    const world = await new AtX().start();
    world.addApp();
    const late = await begun(world, '--wait', '1s');
    expect(await late.end).toBe(1);
    expect(late.said.text).toContain('nobody came back from X in time; nothing was stored');
    const stopped = await begun(world);
    stopped.child.kill('SIGINT');
    expect(await stopped.end).toBe(130);
    await expect(visit(stopped.port, '/callback')).rejects.toThrow(/ECONNREFUSED/);
  });

  it('warns of scopes without offline.access', async () => {
    const world = await new AtX().start();
    world.addApp();
    const login = await begun(world, '--scope', 'tweet.read,users.read', '--no-browser');
    expect(world.opened).toBeUndefined();
    await comeBack(await world.way(login.link));
    expect(await login.end).toBe(0);
    expect(login.said.text).toContain('without the scope offline.access');
    expect((await world.stored('personal')).fields.oauth2_refresh_token).toBeUndefined();
    for (const args of [
      ['--scope', 'Tweet'],
      ['--scopes', 'writer'],
      ['--scope', 'a.b', '--scopes', 'dm'],
      ['--port', '0'],
    ])
      expect((await world.user.start(['login', 'personal', '--oauth2', ...args])).status).toBe(2);
  });

  it('takes the address that is pasted with --headless', async () => {
    const world = await new AtX().start();
    world.addApp();
    const terminal = Terminal.twvault(world.user, 'login', 'personal', '--oauth2', '--headless');
    await terminal.until('the whole address, or the code in it');
    const link = linkIn(terminal.output);
    const address = await world.way(link);
    terminal.type(address.replace(/state=[^&]*/, 'state=x') + KEY.enter);
    await terminal.until('that is not the answer to this login');
    await terminal.answer('the whole address, or the code in it', ` ${address} ${KEY.enter}`);
    await terminal.until('personal is connected to @ada');
    expect(await terminal.ended()).toBe(0);
    expect(world.opened).toBeUndefined();
    world.secrets.push(new URL(address).searchParams.get('code') as string);
    await world.stored('personal');
    world.checkSilence(terminal.output);
    const without = await world.user.start(['login', 'personal', '--oauth2', '--headless']);
    expect(without.status).toBe(3);
  });
});

describe.skipIf(!has('chromium', 'the login in a real browser'))('login --oauth2 in Chromium', () => {
  it.each(['light', 'dark'])(
    'ends on a page that tells the account, without a code (%s)',
    { timeout: 60_000 },
    async (scheme) => {
      const world = await new AtX().start();
      world.addApp();
      const login = await begun(world);
      const browser = await Chromium.start();
      const problems: string[] = [];
      await browser.send('Log.enable');
      browser.on('Log.entryAdded', ({ entry }: { entry: { text: string; url?: string } }) => {
        if (!entry.url?.startsWith('https://x.com')) problems.push(entry.text);
      });
      await browser.send('Emulation.setEmulatedMedia', {
        features: [{ name: 'prefers-color-scheme', value: scheme }],
      });
      await browser.answerFor('https://x.com', (url) => world.page(url));
      await browser.send('Page.navigate', { url: login.link });
      await browser.until(`document.querySelector('#allow') !== null`);
      await browser.evaluate(`document.querySelector('#allow').click()`);
      await browser.until(`location.pathname === '/done' && document.readyState === 'complete'`);
      await browser.until(`document.querySelector('h1') !== null`);
      expect(await browser.evaluate('document.body.innerText')).toMatch(
        /^Connected @ada\s+The profile personal of twvault now acts as @ada \(1234567\)\.\s+You can close this window\.$/,
      );
      expect(await browser.evaluate('location.href')).toBe(`http://127.0.0.1:${login.port}/done`);
      const style = `getComputedStyle(document.querySelector('main')).backgroundColor`;
      expect(await browser.evaluate(style)).toBe(
        scheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(26, 32, 39)',
      );
      expect(await browser.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      const { entries } = await browser.send<{ entries: { url: string }[] }>('Page.getNavigationHistory');
      expect(entries.map(({ url }) => url).filter((url) => url.includes('code='))).toEqual([]);
      expect(problems).toEqual([]);
      if (process.env.SCREENSHOTS)
        await browser.screenshot(join(process.env.SCREENSHOTS, `login-${scheme}.png`));
      expect(await login.end).toBe(0);
    },
  );
});
