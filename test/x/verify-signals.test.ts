import { expect, it } from 'vitest';
import { account } from '../examples/accounts.ts';
import type { Answer, Asked, Fault } from '../standin/server.mjs';
import { SIGNALS, type SignalName } from '../standin/signals.mjs';
import { bearerToken, oauth2Token } from '../support/credentials.ts';
import { reportOf, valuesOf, World } from './world.ts';

const EXITS = { valid: 0, limited: 0, untested: 1, invalid: 5 } as const;
type Outcome = keyof typeof EXITS;

const ENDPOINTS = {
  app: ['POST /oauth2/token'],
  bearer: ['GET /2/usage/tweets'],
  oauth1: ['GET /1.1/account/verify_credentials.json', 'GET /2/users/me'],
  oauth2: ['GET /2/users/me'],
} as const;
type Kind = keyof typeof ENDPOINTS;

/** The values that a profile needs for one kind of question. */
function profileFor(kind: Kind) {
  const ada = account('ada');
  const values = valuesOf(ada);
  if (kind === 'oauth1') return { ada, values };
  if (kind === 'app') return { ada, values: { api_key: ada.api_key, api_secret: ada.api_secret } };
  const token = kind === 'bearer' ? bearerToken() : oauth2Token();
  const field = kind === 'bearer' ? 'bearer_token' : 'oauth2_access_token';
  return { ada: { ...ada, [field]: token }, values: { [field]: token } };
}

/** @param fault what X answers; made at that moment where it is a function */
async function verifyUnder(kind: Kind, fault: Fault | (() => Fault), env: Record<string, string> = {}) {
  const { ada, values } = profileFor(kind);
  const endpoints: readonly string[] = ENDPOINTS[kind];
  const world = await new World().withX([ada], ({ endpoint }: Asked) =>
    endpoints.includes(endpoint) ? (typeof fault === 'function' ? fault() : fault) : undefined,
  );
  world.store('personal', values);
  return { world, result: await world.run(['verify', 'personal', '--json'], env) };
}

const TABLE: readonly (readonly [SignalName, Kind, Outcome, RegExp, RegExp])[] = [
  [
    'signatureRejected',
    'oauth1',
    'invalid',
    /although X takes the API key and secret.*another app/,
    /regenerate the access token and secret/,
  ],
  ['tokenRevoked', 'oauth1', 'invalid', /access token was revoked or regenerated/, /authorise the app again/],
  ['tokenRevoked', 'bearer', 'invalid', /bearer token was revoked/, /copy the present one/],
  ['timestamp', 'oauth1', 'untested', /clock is off/, /set the clock/],
  ['malformed', 'oauth1', 'invalid', /missing or malformed/, /--offline/],
  ['unauthorized', 'oauth1', 'invalid', /missing, malformed or no longer valid/, /copy it anew/],
  ['unauthorized', 'bearer', 'invalid', /malformed, expired or revoked/, /copy it anew/],
  ['unauthorized', 'oauth2', 'invalid', /malformed, expired or revoked/, /twvault token personal/],
  ['wrongAppPair', 'app', 'invalid', /API key or its secret is wrong/, /copy both anew/],
  [
    'notEnrolled',
    'bearer',
    'limited',
    /keys are valid, but the app is not attached/,
    /attach it in console\.x\.com/,
  ],
  ['planLacksEndpoint', 'oauth1', 'limited', /plan lacks this endpoint/, /console\.x\.com/],
  ['mayNotWrite', 'oauth1', 'limited', /read-only: the app may not write/, /Read and write.*regenerate/],
  ['permissions', 'oauth1', 'limited', /read-only: the app's permissions/, /Read and write.*regenerate/],
  [
    'unsupportedAuthentication',
    'oauth2',
    'limited',
    /app's bearer token where a user's token is needed/,
    /twvault login personal --oauth2/,
  ],
  ['outOfCredits', 'oauth2', 'limited', /out of credits/, /add credits/],
  ['unauthorizedClient', 'oauth2', 'invalid', /client secret is missing or wrong/, /client_secret/],
  ['callbackNotRegistered', 'oauth1', 'limited', /callback address is not registered/, /letter for letter/],
  ['oobNotAllowed', 'oauth1', 'limited', /by PIN \(oob\)/, /callback address/],
  ['accountSuspended', 'oauth1', 'limited', /account is suspended/, /appeal/],
  ['accountLocked', 'oauth1', 'limited', /account is locked/, /log in to x\.com/],
  ['appSuspended', 'oauth1', 'limited', /developer app is suspended/, /console\.x\.com/],
  [
    'rateLimited',
    'oauth1',
    'untested',
    /not checked: X has answered too many requests/,
    /try again after that/,
  ],
  ['forbidden', 'oauth2', 'limited', /forbids this request/, /permissions and plan/],
  ['overCapacity', 'oauth2', 'untested', /in trouble \(HTTP 503\).*not tested/, /try again later/],
  ['emptyHanded', 'oauth2', 'untested', /without saying whose credentials/, /try again later/],
];

it.each(TABLE)('%s of %s is %s', { timeout: 60_000 }, async (signal, kind, outcome, message, hint) => {
  const { result } = await verifyUnder(kind, SIGNALS[signal]);

  expect(reportOf(result)).toMatchObject({ profile: 'personal', outcome });
  expect(result.status).toBe(EXITS[outcome]);
  expect(result.stderr).toMatch(message);
  expect(result.stderr).toMatch(new RegExp(`hint: .*${hint.source}`));
});

it('says of 32 that the access token was not tested, where X does not take the API key and secret either', async () => {
  const { ada, values } = profileFor('oauth1');
  const world = await new World().withX([account('bob')]);
  world.store('personal', values);
  const result = await world.run(['verify', 'personal', '--json']);

  expect(ada.id).toBe((reportOf(result).account as { id: string }).id);
  expect(result.status).toBe(5);
  expect(result.stderr).toMatch(/cannot be tested with a wrong API key or secret/);
  expect(result.stderr).toMatch(/API key or its secret is wrong/);
  expect(reportOf(result).credentials).toMatchObject({ api_key: 'rejected', access_token: 'untested' });
});

it('says when a rate limit ends', async () => {
  const reset = new Date(2030, 0, 1, 17, 45).getTime() / 1000;
  const limited: Answer = {
    ...SIGNALS.rateLimited,
    headers: {
      'x-rate-limit-limit': '75',
      'x-rate-limit-remaining': '0',
      'x-rate-limit-reset': String(reset),
    },
  };
  const { result } = await verifyUnder('oauth2', limited);

  expect(result).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('the rate limit resets at 17:45'),
  });
});

it.each([
  [-300, /clock is (29\d|30\d) s ahead of X's/],
  [300, /clock is (29\d|30\d) s behind X's/],
] as const)(
  'says how far the clock is off where X refuses and its date differs by %i s',
  async (seconds, message) => {
    const { result } = await verifyUnder('oauth1', () => {
      const date = new Date(Date.now() + seconds * 1000).toUTCString();
      return { ...SIGNALS.signatureRejected, headers: { date } };
    });

    expect(reportOf(result)).toMatchObject({ outcome: 'untested' });
    expect(result.stderr).toMatch(message);
  },
);

it('falls back to v2 where the plan lacks v1.1', async () => {
  const { ada, values } = profileFor('oauth1');
  const world = await new World().withX([ada], ({ endpoint }) =>
    endpoint.includes('/1.1/') ? SIGNALS.planLacksEndpoint : undefined,
  );
  world.store('personal', values);
  const result = await world.run(['verify', 'personal', '--json']);

  expect(result.status).toBe(0);
  expect(reportOf(result)).toMatchObject({ outcome: 'valid', account: { id: ada.id, name: 'ada' } });
  expect(world.asked.map(({ endpoint }) => endpoint)).toContain('GET /2/users/me');
});

it('tries three times where X is in trouble or breaks the connection, and takes the answer that comes then', async () => {
  const { ada, values } = profileFor('bearer');
  const faults: Fault[] = ['drop', SIGNALS.overCapacity];
  const world = await new World().withX([ada], () => faults.shift());
  world.store('personal', values);

  expect((await world.run(['verify', 'personal'])).status).toBe(0);
  expect(world.asked).toHaveLength(3);
  faults.push(...Array<Fault>(9).fill('drop'));
  expect(await world.run(['verify', 'personal'])).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/the connection failed.*not tested/),
  });
  expect(world.asked).toHaveLength(6);
});

it('asks once only where X says no', async () => {
  const { world } = await verifyUnder('bearer', SIGNALS.unauthorized);

  expect(world.asked).toHaveLength(1);
});

it('says that nobody listens', async () => {
  const { ada, values } = profileFor('bearer');
  const world = await new World().withX([ada]);
  world.store('personal', values);
  await world.leave();

  expect(await world.run(['verify', 'personal'])).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(
      /connection to api\.x\.com was refused \(ECONNREFUSED\).*not tested\n.*hint: check the network/,
    ),
  });
});

it('gives up on an X that never answers', { timeout: 30_000 }, async () => {
  const before = Date.now();
  const { result, world } = await verifyUnder('bearer', 'hang');

  expect(result).toMatchObject({ status: 1, stderr: expect.stringContaining('X did not answer in time') });
  expect(world.asked).toHaveLength(1);
  expect(Date.now() - before).toBeLessThan(16_000);
});
