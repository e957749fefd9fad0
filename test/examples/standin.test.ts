import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { startStandIn } from '../standin/server.mjs';
import { alphanumeric, generatedKeys } from '../support/credentials.ts';
import { account } from './accounts.ts';
import { type Sent, send, signed } from './oauth.ts';

const ME = { method: 'GET', path: '/2/users/me' };
const UPDATE = { method: 'POST', path: '/1.1/statuses/update.json' };
const seconds = () => Math.floor(Date.now() / 1000);

async function withStandIn() {
  const ada = account('ada');
  const { port, posts, close } = await startStandIn({ accounts: [ada, account('bob')] });
  onTestFinished(close);
  /** A call whose signature covers exactly what is sent, unless told otherwise. */
  const call = (sent: Omit<Sent, 'port'>, signing: Partial<Parameters<typeof signed>[0]> = {}) => {
    const [pathname = '', query = ''] = sent.path.split('?');
    const parameters = [...new URLSearchParams(query), ...(sent.form ?? [])];
    const url = `https://${sent.host ?? 'api.x.com'}${pathname}`;
    const authorization = signed({ method: sent.method, url, parameters, keys: ada, ...signing });
    return send({ port, authorization, ...sent });
  };
  return { ada, port, posts, call };
}

test('a right signature is accepted, and says whose it is', async () => {
  const { call, ada } = await withStandIn();

  expect(await call(ME)).toMatchObject({ status: 200, body: { data: { id: ada.id, username: 'ada' } } });
  expect(await call({ method: 'GET', path: '/1.1/account/verify_credentials.json' })).toMatchObject({
    status: 200,
    body: { id_str: ada.id, screen_name: 'ada' },
  });
  expect(await call({ ...ME, host: 'api.twitter.com' })).toMatchObject({ status: 200 });
});

test('query and form parameters are signed: odd characters, and a name that comes twice', async () => {
  const { call, posts } = await withStandIn();
  const text = "All: !*'() +&=% ~ ü 🐦";

  expect(await call({ ...ME, path: '/2/users/me?tag=b&tag=a%20c&empty=&x=%2B%3D' })).toMatchObject({
    status: 200,
  });
  expect(await call({ ...UPDATE, form: [['status', text]] })).toMatchObject({ status: 200, body: { text } });
  expect(posts.map((post) => [post.account.username, post.text])).toEqual([['ada', text]]);
});

test('a JSON body is not signed, and posts', async () => {
  const { call, posts } = await withStandIn();

  expect(await call({ method: 'POST', path: '/2/tweets', json: { text: 'hello' } })).toMatchObject({
    status: 201,
  });
  expect(await call({ method: 'POST', path: '/2/tweets', json: {} })).toMatchObject({ status: 400 });
  expect(posts).toMatchObject([{ text: 'hello', account: { username: 'ada' } }]);
});

test.each(['api_secret', 'access_token_secret'] as const)('a wrong %s is refused with 32', async (field) => {
  const { call, ada } = await withStandIn();

  const keys = { ...ada, [field]: alphanumeric(45) };

  expect(await call(ME, { keys })).toMatchObject({ status: 401, code: 32 });
});

test('an app that is not known is refused with 32, a token with 89, a token of another app with 32', async () => {
  const { call, ada } = await withStandIn();
  const other = generatedKeys();

  expect(await call(ME, { keys: { ...ada, api_key: other.api_key } })).toMatchObject({
    status: 401,
    code: 32,
  });
  expect(await call(ME, { keys: { ...ada, access_token: other.access_token } })).toMatchObject({
    status: 401,
    code: 89,
  });
});

test("a token is refused with another app's keys, although both are known", async () => {
  const [ada, bob] = [account('ada'), account('bob')];
  const { port, close } = await startStandIn({ accounts: [ada, bob] });
  onTestFinished(close);

  const keys = { ...ada, api_key: bob.api_key, api_secret: bob.api_secret };
  const authorization = signed({ method: 'GET', url: 'https://api.x.com/2/users/me', keys });

  expect(await send({ ...ME, port, authorization })).toMatchObject({ status: 401, code: 32 });
});

test('what was signed cannot be changed on the way: method, host, path, query, form', async () => {
  const { call, posts } = await withStandIn();
  const url = 'https://api.x.com/2/users/me';
  const refused = { status: 401, code: 32 };

  expect(await call(ME, { method: 'POST' })).toMatchObject(refused);
  expect(await call(ME, { url: 'https://api.twitter.com/2/users/me' })).toMatchObject(refused);
  expect(await call(ME, { url: 'http://api.x.com/2/users/me' })).toMatchObject(refused);
  expect(await call(ME, { url: 'https://api.x.com/2/users/you' })).toMatchObject(refused);
  expect(await call({ ...ME, path: '/2/users/me?a=1' }, { parameters: [['a', '2']] })).toMatchObject(refused);
  expect(await call({ ...ME, path: '/2/users/me?a=1' }, { url, parameters: [] })).toMatchObject(refused);
  const tampered = { ...UPDATE, form: [['status', 'pay Bob']] as const };
  expect(await call(tampered, { parameters: [['status', 'pay Ada']] })).toMatchObject(refused);
  expect(posts).toEqual([]);
});

test('a nonce is good once', async () => {
  const { call, posts } = await withStandIn();
  const once = { nonce: 'n0nce', timestamp: seconds() };
  const post = { ...UPDATE, form: [['status', 'hello']] as const };

  expect(await call(post, once)).toMatchObject({ status: 200 });
  expect(await call(post, once)).toMatchObject({ status: 401, code: 32 });
  expect(await call(post, { ...once, nonce: 'an0ther' })).toMatchObject({ status: 200 });
  expect(posts).toHaveLength(2);
});

test('a forged request does not use up a nonce', async () => {
  const { call, ada } = await withStandIn();
  const once = { nonce: 'n0nce', timestamp: seconds() };

  expect(await call(ME, { ...once, keys: { ...ada, api_secret: alphanumeric(50) } })).toMatchObject({
    code: 32,
  });
  expect(await call(ME, once)).toMatchObject({ status: 200 });
});

test.each([-1, 1])('a clock that is off by more than five minutes (%i) is refused with 135', async (sign) => {
  const { call } = await withStandIn();

  expect(await call(ME, { timestamp: seconds() + sign * 302 })).toMatchObject({ status: 401, code: 135 });
  expect(await call(ME, { timestamp: seconds() + sign * 290 })).toMatchObject({ status: 200 });
});

test('a request without OAuth, or with parameters of it in two places, is refused with 215', async () => {
  const { port, ada, call } = await withStandIn();

  expect(await send({ ...ME, port })).toMatchObject({ status: 400, code: 215 });
  expect(await send({ ...ME, port, authorization: 'Bearer x' })).toMatchObject({ status: 401 });
  expect(await send({ ...ME, port, authorization: 'OAuth x' })).toMatchObject({ status: 400, code: 215 });
  const twice = `/2/users/me?oauth_consumer_key=${ada.api_key}`;
  expect(await call({ ...ME, path: twice })).toMatchObject({ status: 400, code: 215 });
});

test('other hosts and paths are not there', async () => {
  const { call } = await withStandIn();

  expect(await call({ ...ME, host: '127.0.0.1' })).toMatchObject({ status: 404, code: 34 });
  expect(await call({ ...ME, path: '/2/nothing' })).toMatchObject({ status: 404, code: 34 });
});

test('it can be started by itself, and tells each post', async () => {
  const ada = account('ada');
  const server = spawn(process.execPath, [join(import.meta.dirname, '../standin/server.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    server.kill();
    await once(server, 'exit');
  });
  server.stdin.end(JSON.stringify([ada]));
  const lines = createInterface(server.stdout)[Symbol.asyncIterator]();
  const line = async () => JSON.parse((await lines.next()).value ?? 'null');

  const { port } = await line();
  const form = [['status', 'hello']] as const;
  const url = 'https://api.x.com/1.1/statuses/update.json';
  const authorization = signed({ method: 'POST', url, keys: ada, parameters: form });

  expect(await send({ ...UPDATE, port, authorization, form })).toMatchObject({ status: 200 });
  expect(await line()).toEqual({ text: 'hello', username: 'ada' });
});
