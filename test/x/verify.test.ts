import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { account } from '../examples/accounts.ts';
import { SIGNALS } from '../standin/signals.mjs';
import { alphanumeric, bearerToken, clientId, oauth2Token } from '../support/credentials.ts';
import { Terminal } from '../terminal/pty.ts';
import { fullAccount, reportOf, valuesOf, World } from './world.ts';

const READING = new Set([
  'POST /oauth2/token', // the app-only login, which gives the bearer token that the app has
  'GET /2/usage/tweets',
  'GET /1.1/account/verify_credentials.json',
  'GET /2/users/me',
]);
const CLIENT_ID = clientId();

test('proves all kinds of credentials, says what it learnt in a line, and keeps the account', async () => {
  const ada = fullAccount('ada');
  const world = await new World().withX([ada]);
  world.store('personal', { ...valuesOf(ada), client_id: CLIENT_ID, client_secret: alphanumeric(50) });
  const { status, stdout, stderr } = await world.run(['verify']);

  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const [head, line, ...more] = stdout.trimEnd().split('\n');
  expect(head).toMatch(/^PROFILE +OUTCOME +ACCOUNT +ACCESS +CLOCK +CREDENTIALS +LIMITS$/);
  expect(line).toMatch(
    new RegExp(
      `^personal +valid +@ada \\(${ada.id}\\) +read-write +- +` +
        'api access bearer oauth2 proven, client present +123/10000 posts, 74/75 requests$',
    ),
  );
  expect(more).toEqual([]);
  expect(world.user.must(['show', 'personal']).stdout).toContain(`@ada (${ada.id})`);
  for (const { endpoint } of world.asked) expect(READING).toContain(endpoint);
  expect(world.asked).toHaveLength(4);
});

test('an account that is known already is not written again', async () => {
  const ada = account('ada');
  const world = await new World().withX([ada]);
  world.store('personal', valuesOf(ada));
  await world.run(['verify']);
  const before = world.user.must(['show', 'personal', '--json']).stdout;
  await world.run(['verify']);

  expect(JSON.parse(before)).toMatchObject({ account: { id: ada.id, name: 'ada' } });
  expect(world.user.must(['show', 'personal', '--json']).stdout).toBe(before);
});

test('--json tells everything and no value', async () => {
  const ada = fullAccount('ada');
  const world = await new World().withX([ada]);
  world.store('personal', valuesOf(ada));
  const report = reportOf(await world.run(['verify', 'personal', '--json']));

  expect(report).toMatchObject({
    profile: 'personal',
    outcome: 'valid',
    account: { id: ada.id, name: 'ada' },
    isProven: true,
    access: 'read-write',
    usage: { cap: 10_000, used: 123, resetDay: 4 },
    rateLimit: { limit: 75, remaining: 74 },
    warnings: [],
    checks: [{ kind: 'app' }, { kind: 'bearer' }, { kind: 'oauth1' }, { kind: 'oauth2' }],
  });
  expect(Math.abs(report.skew as number)).toBeLessThan(10);
});

test('read-only tokens are limited', async () => {
  const ada = { ...account('ada'), access_level: 'read' };
  const world = await new World().withX([ada]);
  world.store('personal', valuesOf(ada));
  const result = await world.run(['verify']);

  expect(result).toMatchObject({ status: 0, stdout: expect.stringMatching(/limited .* read /) });
  expect(result.stderr).toMatch(/warning: personal: .*read-only.*\ntwvault: hint: .*Read and write/);
});

test('of several profiles the worst decides; what they share is asked for once', async () => {
  const ada = { ...fullAccount('ada') };
  const bob = { ...account('bob'), api_key: ada.api_key, api_secret: ada.api_secret };
  const world = await new World().withX([ada, bob]);
  world.store('app', { api_key: ada.api_key, api_secret: ada.api_secret, bearer_token: ada.bearer_token });
  for (const { username, access_token, access_token_secret } of [ada, bob])
    world.store(username, { access_token, access_token_secret }, '--inherit', 'app');
  expect(await world.run(['verify', 'ada', 'bob'])).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^ada +valid .*\nbob +valid /m),
  });
  expect(world.asked.map(({ endpoint }) => endpoint).sort()).toEqual([
    'GET /1.1/account/verify_credentials.json',
    'GET /1.1/account/verify_credentials.json',
    'GET /2/usage/tweets',
    'POST /oauth2/token',
  ]);
  world.store('empty', { client_id: CLIENT_ID });
  expect(await world.run(['verify', '--all'])).toMatchObject({ status: 1 });
  world.store('wrong', { bearer_token: bearerToken() });
  const all = await world.run(['verify', '--all']);
  expect(all.status).toBe(5);
  expect(all.stdout.match(/^\w+ +(valid|untested|invalid)/gm)).toEqual([
    expect.stringMatching(/^ada +valid/),
    expect.stringMatching(/^app +valid/),
    expect.stringMatching(/^bob +valid/),
    expect.stringMatching(/^empty +untested/),
    expect.stringMatching(/^wrong +invalid/),
  ]);
});

test('one profile that cannot be opened does not keep the others from being verified', async () => {
  const ada = account('ada');
  const world = await new World().withX([ada]);
  world.store('personal', valuesOf(ada));
  world.store('broken', valuesOf(account('bob')));
  writeFileSync(join(world.user.home, 'profiles/broken.age'), 'damaged');

  const result = await world.run(['verify', '--all']);
  expect(result).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(/^broken +untested.*\npersonal +valid/m),
  });
  expect(result.stderr).toMatch(/warning: broken: .*broken/);
  expect(await world.run(['verify', 'broken'])).toMatchObject({ status: 1, stdout: '' });
});

test('twelve profiles are asked about four at a time', async () => {
  const accounts = Array.from({ length: 12 }, (_, at) => ({
    ...account(`user${at}`),
    bearer_token: bearerToken(),
  }));
  let [waiting, most] = [0, 0];
  const world = await new World().withX(accounts, async () => {
    waiting += 1;
    most = Math.max(most, waiting);
    await pause(150);
    waiting -= 1;
    return undefined;
  });
  for (const { username, bearer_token } of accounts) world.store(username, { bearer_token });
  const result = await world.run(['verify', '--all']);

  expect(result.status).toBe(0);
  expect(result.stdout.match(/ valid /g)).toHaveLength(12);
  expect(most).toBe(4);
});

test('a profile with nothing to test is untested, with the reason', async () => {
  const world = await new World().withX([]);
  world.store('personal', { client_id: CLIENT_ID });
  const result = await world.run(['verify', 'personal']);

  expect(result).toMatchObject({ status: 1, stdout: expect.stringMatching(/personal +untested/) });
  expect(result.stderr).toMatch(/there is nothing to test: X has no question for client_id alone/);
  expect(world.asked).toEqual([]);
});

test('half a pair is not sent', async () => {
  const ada = account('ada');
  const world = await new World().withX([ada]);
  world.store('personal', { ...valuesOf(ada), access_token_secret: undefined });
  const result = await world.run(['verify', 'personal']);

  expect(result.stderr).toContain('access_token cannot be tested without access_token_secret');
  expect(world.asked.map(({ endpoint }) => endpoint)).toEqual(['POST /oauth2/token']);
});

test('an expired OAuth 2.0 token is said to be expired, not sent and not refreshed', async () => {
  const world = await new World().withX([]);
  const oauth2_access_token = oauth2Token('at', Date.now() - 3 * 3600_000);
  world.store('login', { oauth2_access_token, oauth2_refresh_token: oauth2Token('rt') });
  world.store('lone', { oauth2_access_token: oauth2Token('at', Date.now() - 3 * 3600_000) });

  expect(await world.run(['verify', 'login'])).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/access token has expired\ntwvault: hint: .*twvault token login/),
  });
  expect(await world.run(['verify', 'lone'])).toMatchObject({
    status: 5,
    stderr: expect.stringMatching(/expired, and there is no refresh token\n.*twvault login lone --oauth2/),
  });
  expect(world.asked).toEqual([]);
});

test("says where X's account is not the one that was believed", async () => {
  const ada = { ...account('ada'), id: String(randomInt(1e9, 2e9)) };
  const world = await new World().withX([ada]);
  world.store('personal', valuesOf(ada));
  const result = await world.run(['verify']);

  expect(result.stderr).toMatch(
    new RegExp(`access_token begins with \\d+, but X says that it is account ${ada.id}'s`),
  );
});

test('a clock that is off is told even where X takes the credentials', async () => {
  const world = await new World().withX([], () => ({
    status: 200,
    headers: { date: new Date(Date.now() + 120_000).toUTCString() },
    body: { data: {} },
  }));
  world.store('personal', { bearer_token: bearerToken() });
  const result = await world.run(['verify']);

  expect(result).toMatchObject({ status: 0, stdout: expect.stringMatching(/ -1(19|20|21) s +bearer/) });
  expect(result.stderr).toMatch(/clock is 1\d\d s behind X's\ntwvault: hint: set the clock/);
});

test('what X calls an account reaches the terminal only where it is a name', async () => {
  const world = await new World().withX([], () => ({
    status: 200,
    body: { data: { id: '42', username: '\x1b[2Jx' } },
  }));
  world.store('personal', { oauth2_access_token: oauth2Token() });
  const result = await world.run(['verify']);

  expect(result.stdout).toMatch(/valid +42 /);
});

test.each<[string, Record<string, string>, number, RegExp]>([
  ['nothing odd', { ...valuesOf(account('ada')) } as Record<string, string>, 0, /^$/],
  ['an odd shape', { bearer_token: 'short9Token' }, 0, /bearer_token has an unusual shape/],
  ['a swapped pair', { api_key: alphanumeric(50), api_secret: alphanumeric(20) }, 5, /look swapped/],
  [
    'a client id as API key',
    { api_key: CLIENT_ID, api_secret: alphanumeric(50) },
    5,
    /holds an OAuth 2.0 client id/,
  ],
  [
    'a refresh token as access token',
    { oauth2_access_token: oauth2Token('rt') },
    5,
    /holds an OAuth 2.0 refresh token/,
  ],
])('--offline finds %s and asks nobody', async (_, values, status, text) => {
  const world = await new World().withX([]);
  world.store('personal', values);
  const result = await world.run(['verify', '--offline']);

  expect(result.status).toBe(status);
  expect(result.stderr).toMatch(text);
  expect(world.asked).toEqual([]);
});

test('--offline tells when a token was issued and when it ends', async () => {
  const world = await new World().withX([]);
  world.store('personal', { oauth2_access_token: oauth2Token('at', Date.UTC(2030, 4, 6, 7, 8, 9)) });

  expect(reportOf(await world.run(['verify', '--offline', '--json']))).toMatchObject({
    outcome: 'untested',
    issued: { oauth2_access_token: '2030-05-06T07:08:09Z' },
    expires: '2030-05-06T09:08:09Z',
  });
});

test('a locked vault is exit 3, a profile that is not there 4, --all with names 2', async () => {
  const world = await new World().withX([]);
  world.store('personal', valuesOf(account('ada')));

  expect(await world.run(['verify'], { TWVAULT_IDENTITY_FILE: '' })).toMatchObject({ status: 3, stdout: '' });
  expect(await world.run(['verify', 'personal', 'nobody'])).toMatchObject({ status: 4, stdout: '' });
  expect(await world.run(['verify', 'personal', '--all'])).toMatchObject({ status: 2, stdout: '' });
  expect(world.asked).toEqual([]);
});

test('add --verify asks X once the keys are stored', async () => {
  const ada = account('ada');
  const world = await new World().withX([ada], ({ endpoint }) =>
    world.asked.length > 2 && endpoint.includes('1.1') ? SIGNALS.tokenRevoked : undefined,
  );
  const input = JSON.stringify(valuesOf(ada));

  expect(await world.run(['add', 'personal', '--stdin', '--verify'], {}, input)).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/personal +valid +@ada/),
  });
  expect(await world.run(['add', 'second', '--stdin', '--verify'], {}, input)).toMatchObject({ status: 5 });
  expect(world.user.must(['list']).stdout).toMatch(/@ada.*\n.*second/);
});

test('on a terminal it says how far it is, and takes that away again', async () => {
  const ada = account('ada');
  const world = await new World().withX([ada]);
  world.store('personal', valuesOf(ada));
  world.user.env = { ...world.user.env, ...world.diverted };
  const terminal = Terminal.twvault(world.user, 'verify');

  await terminal.until('twvault: verified 0 of 1 ...');
  await terminal.until('twvault: verified 1 of 1 ...\r\x1b[K');
  await terminal.until('@ada');
});

test('on a terminal that is too narrow, what a profile has gets lines of its own', async () => {
  const ada = fullAccount('ada');
  const world = await new World().withX([ada]);
  world.store('personal', { ...valuesOf(ada), client_id: CLIENT_ID, client_secret: alphanumeric(50) });
  world.user.env = { ...world.user.env, ...world.diverted };
  const terminal = Terminal.twvault(world.user, 'verify');

  expect(await terminal.ended()).toBe(0);
  const lines = terminal.output.slice(terminal.output.indexOf('PROFILE')).trimEnd().split('\r\n');
  expect(lines).toEqual([
    expect.stringMatching(/^PROFILE +OUTCOME +ACCOUNT +ACCESS +CLOCK$/),
    expect.stringMatching(/^personal +valid +@ada .* read-write +-$/),
    '    api access bearer oauth2 proven, client present',
    '    123/10000 posts, 74/75 requests',
  ]);
});
