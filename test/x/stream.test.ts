import { createServer, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Secret } from '../../src/profile/secret.ts';
import { clientFor } from '../../src/x/client.ts';
import { startStandIn } from '../standin/server.mjs';
import { bearerToken } from '../support/credentials.ts';
import { tlsFront } from './between.ts';
import { run } from './program.ts';
import { fullAccount, valuesOf, World } from './world.ts';

/** A client whose X does with a stream what is said. */
async function streaming(answer: (response: ServerResponse) => void) {
  const server = createServer((_, response) => answer(response)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const before = https.globalAgent;
  vi.stubEnv('X_STANDIN_PORT', String((server.address() as AddressInfo).port));
  await import(`${join(import.meta.dirname, '../standin/preload.cjs')}?${process.env.X_STANDIN_PORT}`);
  onTestFinished(() => {
    https.globalAgent = before;
    vi.unstubAllEnvs();
    server.close();
    server.closeAllConnections();
  });
  const token = new Secret(bearerToken());
  return clientFor({ kind: 'bearer', token }, { limit: 500, silence: 300 }).v2;
}

/** What the library keeps of a cause. */
const causeOf = (error: unknown) => (error as { _options: { error: Error } })._options.error;

test('a stream that X does not answer is given up', async () => {
  const v2 = await streaming(() => {});

  const error = await v2.sampleStream().catch(causeOf);
  expect(error).toMatchObject({ code: 'ETIMEDOUT', message: 'X did not answer for 0.5 s' });
});

test('a stream on which X falls silent ends with an error that says so', async () => {
  const v2 = await streaming((response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"data":{"id":"1","text":"first"}}\r\n');
  });
  const seen: string[] = [];
  const listen = async () => {
    for await (const { data } of await v2.sampleStream()) seen.push(data.text);
  };

  await expect(listen()).rejects.toMatchObject({
    code: 'ETIMEDOUT',
    message: 'X has sent nothing on the stream for 0.3 s',
  });
  expect(seen).toEqual(['first']);
});

test('a stream that says that it lives goes on', async () => {
  const v2 = await streaming((response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    let lines = 0;
    const timer = setInterval(() => {
      lines += 1;
      response.write(lines === 10 ? '{"data":{"id":"1","text":"late"}}\r\n' : '\r\n');
      if (lines === 10) clearInterval(timer);
    }, 100);
  });

  const stream = await v2.sampleStream();
  for await (const { data } of stream) {
    expect(data.text).toBe('late');
    break;
  }
  stream.destroy();
});

test('a stream never takes a certificate that is not trusted, whatever the environment says', async () => {
  const ada = fullAccount('ada');
  const world = new World();
  const { port, close } = await startStandIn({ accounts: [ada] });
  world.closing(close);
  world.store('personal', { bearer_token: valuesOf(ada).bearer_token });
  const { port: tls } = await tlsFront(port);
  const text = `
    const dialled = require('node:tls').connect;
    require('node:tls').connect = (options) => dialled({ ...options, host: '127.0.0.1', port: ${tls} });
    require('twvault').xClient('personal').then((client) => client.v2.sampleStream())
      .catch(({ _options: { error } }) => console.log(error.code));`;
  const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' };

  expect(await run(world.user, 'bot.cjs', text, { env })).toEqual({
    status: 0,
    stdout: 'DEPTH_ZERO_SELF_SIGNED_CERT\n',
    stderr: '',
  });
});
