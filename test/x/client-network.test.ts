import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startStandIn } from '../standin/server.mjs';
import { type Result, temporaryFolder } from '../support/cli.ts';
import { alphanumeric } from '../support/credentials.ts';
import { connectProxy, type Tunnel, tlsFront } from './between.ts';
import { run } from './program.ts';
import { fullAccount, valuesOf, World } from './world.ts';

const ada = fullAccount('ada');

/** Asks X by way of the library, and says how it went, and after how many seconds. */
const BOT = `
  import { xClient } from 'twvault';
  const begun = performance.now();
  try {
    const { data } = await (await xClient('personal')).v2.get('usage/tweets');
    console.log(data.project_id);
  } catch (error) {
    const { message, _options } = error; // the library's own getter for the cause gives nothing
    console.log(_options?.error?.code ?? message, Math.round((performance.now() - begun) / 1000));
  }`;

/** X behind TLS with a certificate that nobody trusts by itself, and a proxy on the way to it. */
async function behindProxy(status = 200) {
  const world = new World();
  const { port, close } = await startStandIn({ accounts: [ada] });
  world.closing(close);
  const { port: tls, certificate } = await tlsFront(port);
  const proxy = await connectProxy(tls, status);
  world.store('personal', { bearer_token: valuesOf(ada).bearer_token });
  const env = {
    X_STANDIN_PORT: '',
    NODE_OPTIONS: '',
    HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
    NO_PROXY: '',
  };
  const verify = (more: Record<string, string> = {}): Promise<Result> =>
    world.run(['verify', 'personal'], { ...env, ...more });
  const library = (more: Record<string, string> = {}) =>
    run(world.user, 'bot.mjs', BOT, { env: { ...env, ...more } });
  return { verify, library, certificate, tunnels: proxy.tunnels as readonly Tunnel[], proxy: proxy.port };
}

test('HTTPS_PROXY is used, with its login, and NODE_EXTRA_CA_CERTS trusted', async () => {
  const { verify, certificate, tunnels, proxy } = await behindProxy();
  const password = alphanumeric(20);
  const HTTPS_PROXY = `http://user:${password}%40@127.0.0.1:${proxy}`;
  const result = await verify({ NODE_EXTRA_CA_CERTS: certificate, HTTPS_PROXY, DEBUG: '*', NODE_DEBUG: '' });

  expect(result).toMatchObject({ status: 0, stdout: expect.stringMatching(/personal +valid/) });
  expect(tunnels).toEqual([
    { target: 'api.x.com:443', login: `Basic ${Buffer.from(`user:${password}@`).toString('base64')}` },
  ]);
  expect(result.stderr).not.toContain(password);
});

test('a certificate that is not trusted is never taken, whatever the environment says', async () => {
  const { verify, tunnels } = await behindProxy();

  for (const env of [{}, { NODE_TLS_REJECT_UNAUTHORIZED: '0' }]) {
    expect(await verify(env)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/certificate of api\.x\.com cannot be trusted.*\n.*NODE_EXTRA_CA_CERTS/),
    });
  }
  expect(tunnels).toHaveLength(2); // and nothing is tried again for it
});

test('a proxy that refuses leaves the credentials untested', async () => {
  const { verify } = await behindProxy(502);

  expect(await verify()).toMatchObject({ status: 1, stderr: expect.stringContaining('not tested') });
});

test('a proxy that never answers is given up', { timeout: 30_000 }, async () => {
  const { verify } = await behindProxy(0);
  const before = Date.now();

  expect(await verify()).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('X or the proxy did not answer in time'),
  });
  expect(Date.now() - before).toBeLessThan(16_000);
});

test('a proxy that is not there is named', async () => {
  const { verify } = await behindProxy();

  expect(await verify({ HTTPS_PROXY: 'http://127.0.0.1:1' })).toMatchObject({
    stderr: expect.stringMatching(/connection to the proxy was refused/),
  });
});

test('a proxy that cannot be used is refused without its address', async () => {
  const { verify } = await behindProxy();
  const password = alphanumeric(20);

  for (const HTTPS_PROXY of [`socks5://u:${password}@127.0.0.1:1`, `http://u:${password}@:x`]) {
    const result = await verify({ HTTPS_PROXY });
    expect(result).toMatchObject({ status: 1, stderr: expect.stringContaining('cannot be used') });
    expect(result.stderr).not.toContain(password);
  }
});

describe('xClient', () => {
  test('goes by HTTPS_PROXY with its login, and trusts NODE_EXTRA_CA_CERTS', async () => {
    const { library, certificate, tunnels, proxy } = await behindProxy();
    const HTTPS_PROXY = `http://user:pass@127.0.0.1:${proxy}`;

    expect(await library({ NODE_EXTRA_CA_CERTS: certificate, HTTPS_PROXY })).toEqual({
      status: 0,
      stdout: '1\n',
      stderr: '',
    });
    const login = `Basic ${Buffer.from('user:pass').toString('base64')}`;
    expect(tunnels).toEqual([{ target: 'api.x.com:443', login }]);
  });

  test('never takes a certificate that is not trusted', async () => {
    const { library, tunnels } = await behindProxy();

    const { stdout } = await library({ NODE_TLS_REJECT_UNAUTHORIZED: '0' });
    expect(stdout).toMatch(/^DEPTH_ZERO_SELF_SIGNED_CERT \d+\n$/);
    expect(tunnels).toHaveLength(1);
  });

  test('gives up a request that nobody answers', { timeout: 60_000 }, async () => {
    const { library, tunnels } = await behindProxy(0);

    const { stdout, status } = await library();
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^ABORT_ERR 3\d\n$/)]);
    expect(tunnels).toHaveLength(1); // and is not tried again
  });

  test('refuses a proxy that cannot be used, without its address', async () => {
    const { library } = await behindProxy();

    const { stdout, stderr } = await library({ HTTPS_PROXY: 'socks5://u:pass@127.0.0.1:1' });
    expect(stdout).toMatch(/^the proxy that HTTPS_PROXY or ALL_PROXY names cannot be used/);
    expect(stdout + stderr).not.toContain('pass@');
  });
});

test('NO_PROXY goes round the proxy; a name that is not found is said', async () => {
  const { verify, tunnels } = await behindProxy();
  const preload = join(temporaryFolder(), 'no-names.cjs');
  writeFileSync(
    preload,
    `require('node:dns').lookup = (name, options, done) =>
       done(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }));`,
  );

  expect(await verify({ NO_PROXY: 'api.x.com', NODE_OPTIONS: `--require ${preload}` })).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/does not find api\.x\.com \(ENOTFOUND\): the credentials were not tested/),
  });
  expect(tunnels).toEqual([]);
});
