import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canTrace } from '../faults/strace.ts';
import { sweep, sweepErrors } from '../faults/sweep.ts';
import { strays } from '../faults/writers.ts';
import type { Account, StandInOptions } from '../standin/server.mjs';
import { User } from '../support/cli.ts';
import { alphanumeric, bearerToken, generatedKeys } from '../support/credentials.ts';
import { atNight } from '../support/effort.ts';
import { KEY, Terminal } from '../terminal/pty.ts';
import { AtX, accountsOfOneApp } from './at-x.ts';
import { standElsewhere } from './elsewhere.ts';

type Both = readonly [Account, Account];

/** What X has after the app's key was regenerated, and after some access tokens were. */
function regenerated(before: Both, renew: { ada?: boolean; bob?: boolean } = {}): [Account, Account] {
  const pair = { api_key: alphanumeric(25), api_secret: alphanumeric(50), bearer_token: bearerToken() };
  const tokens = (account: Account) => {
    const { access_token, access_token_secret } = generatedKeys(account.id);
    return { access_token, access_token_secret };
  };
  const [ada, bob] = before;
  return [
    { ...ada, ...pair, ...(renew.ada ? tokens(ada) : {}) },
    { ...bob, ...pair, ...(renew.bob ? tokens(bob) : {}) },
  ];
}

function storeAll(world: { store: AtX['store'] }, [ada, bob]: Both): void {
  const { id: _, username, bearer_token = '', ...four } = ada;
  world.store('personal', { ...four, bearer_token });
  const { access_token, access_token_secret } = bob;
  world.store('brand', { access_token, access_token_secret }, '--inherit', 'personal');
}

/** Profiles with the old keys, at an X that knows only the new ones. */
async function world(renew: { ada?: boolean; bob?: boolean } = {}, fault?: StandInOptions['fault']) {
  const before = accountsOfOneApp();
  const after = regenerated(before, renew);
  const atX = await new AtX({ accounts: after }).start(fault);
  for (const { id, username, ...values } of before) atX.secrets.push(...Object.values(values));
  storeAll(atX, before);
  return { atX, before, after };
}

const pairOf = ({ api_key, api_secret }: Account) => ({ api_key, api_secret });
const fourOf = ({ access_token, access_token_secret, ...app }: Account) => ({
  ...pairOf(app as Account),
  access_token,
  access_token_secret,
});
const input = (values: Record<string, string>) => ({ input: JSON.stringify(values) });

describe('rotate', () => {
  it('puts a proven pair in place, with the bearer token, and children follow', async () => {
    const { atX, after } = await world();
    const { status, stdout, stderr } = await atX.user.start(
      ['rotate', 'personal', '--stdin'],
      input(pairOf(after[0])),
    );
    expect([status, stdout]).toEqual([0, '']);
    const { fields, staged } = await atX.stored('personal');
    expect([fields, staged]).toEqual([
      { ...fourOf(after[0]), bearer_token: after[0].bearer_token },
      undefined,
    ]);
    expect(stderr).toContain('X takes the access token and secret with them: @ada (1234567)');
    expect(stderr).toContain('brand follows, and its access token works');
    atX.checkSilence(stderr);
  });

  it('takes a new access pair too, and says which child needs a new login', async () => {
    const { atX, after } = await world({ ada: true, bob: true });
    const { status, stderr } = await atX.user.start(
      ['rotate', 'personal', '--stdin'],
      input(fourOf(after[0])),
    );
    expect([status, stderr]).toEqual([
      5,
      expect.stringContaining('log it in again: twvault login brand --pin'),
    ]);
    expect((await atX.stored('personal')).fields.access_token).toBe(after[0].access_token);
    atX.checkSilence(stderr);
  });

  it('keeps the old values in use until the new ones are proven, and no child sees the new', async () => {
    const { atX, before, after } = await world();
    const wrong = { ...pairOf(after[0]), api_secret: alphanumeric(50) };
    atX.secrets.push(wrong.api_secret);
    const { status, stderr } = await atX.user.start(['rotate', 'personal', '--stdin'], input(wrong));
    expect([status, stderr]).toEqual([5, expect.stringContaining('the new values are not accepted')]);
    const { fields, staged } = await atX.stored('personal');
    expect([fields.api_key, [...(staged?.keys() ?? [])]]).toEqual([
      before[0].api_key,
      ['api_key', 'api_secret'],
    ]);
    for (const name of ['personal', 'brand']) {
      const { stdout } = atX.user.must(['exec', '-p', name, '--', 'env']);
      expect(stdout).toContain(before[0].api_secret);
      for (const value of Object.values(wrong)) expect(stdout).not.toContain(value);
    }
    const index = readFileSync(join(atX.user.home, 'index', 'personal.json'), 'utf8');
    expect(index).not.toContain('staged');
    atX.checkSilence(stderr, index, atX.user.must(['show', 'personal', '--json']).stdout);
    const shown = () => atX.user.must(['show', 'personal']).stdout;
    const listed = () => atX.user.must(['list']).stdout.match(/^.*\(rotation begun\)/gm);
    expect(shown()).toMatch(/^rotation +begun today, continue with twvault rotate personal$/m);
    expect(listed()).toEqual([expect.stringContaining(' personal ')]);
    expect((await atX.user.start(['rotate', 'personal', '--abort'])).status).toBe(0);
    expect((await atX.stored('personal')).staged).toBeUndefined();
    expect([shown(), listed()]).toEqual([expect.not.stringContaining('rotation'), null]);
    expect((await atX.user.start(['rotate', 'personal'])).status).toBe(2);
  });

  it('goes on where the network failed, without asking for anything again', async () => {
    let isAway = true;
    const { atX, after } = await world({}, () => (isAway ? 'drop' : undefined));
    const first = await atX.user.start(['rotate', 'personal', '--stdin'], input(pairOf(after[0])));
    expect([first.status, first.stderr]).toEqual([
      1,
      expect.stringContaining('the new values were not tested'),
    ]);
    isAway = false;
    const second = await atX.user.start(['rotate', 'personal']);
    expect([second.status, second.stderr]).toEqual([0, expect.stringContaining('going on with the values')]);
    expect((await atX.stored('personal')).fields.api_key).toBe(after[0].api_key);
    atX.checkSilence(first.stderr, second.stderr);
  });

  it('refuses an access token of another account, half a pair, old values, and a child', async () => {
    const { atX, before, after } = await world();
    const { access_token, access_token_secret } = after[1];
    const foreign = { ...pairOf(after[0]), access_token, access_token_secret };
    const other = await atX.user.start(['rotate', 'personal', '--stdin'], input(foreign));
    expect([other.status, other.stderr]).toEqual([
      1,
      expect.stringContaining('belongs to @bob (7654321), but personal to 1234567'),
    ]);
    expect((await atX.stored('personal')).fields.api_key).toBe(before[0].api_key);
    atX.user.must(['rotate', 'personal', '--abort']);
    for (const values of [
      { api_key: after[0].api_key },
      pairOf(before[0]),
      { ...pairOf(after[0]), client_id: 'a' },
    ])
      expect((await atX.user.start(['rotate', 'personal', '--stdin'], input(values))).status).toBe(2);
    const child = await atX.user.start(['rotate', 'brand', '--stdin'], input(pairOf(after[0])));
    expect([child.status, child.stderr]).toEqual([2, expect.stringContaining('twvault rotate personal')]);
  });

  it('guides on a terminal: a wrong value is asked for again, a dead access token anew', async () => {
    const { atX, after } = await world({ ada: true });
    const [ada] = after;
    const terminal = Terminal.twvault(atX.user, 'rotate', 'personal');
    await terminal.until('regenerate its API Key and Secret');
    await terminal.answer('API Key (api_key)', ada.api_key + KEY.enter);
    await terminal.answer('API Key Secret (api_secret)', alphanumeric(50) + KEY.enter);
    await terminal.answer('Access Token (access_token', KEY.enter);
    await terminal.until('the API key or its secret is wrong: enter them again');
    await terminal.answer('API Key (api_key)', ada.api_key + KEY.enter);
    await terminal.answer('API Key Secret (api_secret)', ada.api_secret + KEY.enter);
    await terminal.until('generate a new access token and secret');
    await terminal.answer('Access Token (access_token', ada.access_token + KEY.enter);
    await terminal.answer('Access Token Secret (access_token_secret)', ada.access_token_secret + KEY.enter);
    await terminal.until('brand follows, and its access token works');
    expect(await terminal.ended()).toBe(0);
    expect((await atX.stored('personal')).fields).toMatchObject(fourOf(ada));
    atX.checkSilence(terminal.output);
  });
});

/** A user with the old keys, and X elsewhere, which knows only the new ones. */
async function toRotate() {
  const before = accountsOfOneApp();
  const after = regenerated(before);
  const user = new User().withFileVault();
  const store = (name: string, values: Record<string, string>, ...options: string[]) =>
    void user.must(['add', name, '--stdin', ...options], input(values));
  storeAll({ store }, before);
  await standElsewhere(user, { accounts: after });
  return { user, before, after, args: ['rotate', 'personal', '--stdin'], ...input(pairOf(after[0])) };
}

/** Which pair the child profile's command gets, and that it is whole; after that the rotation goes on to its end. */
function stateAfter({ user, before, after, args, input }: Awaited<ReturnType<typeof toRotate>>): string {
  const { stdout } = user.must(['exec', '-p', 'brand', '--', 'env']);
  const [found] = [before, after].filter(([{ api_key }]) => stdout.includes(`=${api_key}\n`));
  expect(stdout).toContain(`=${found?.[0].api_secret}\n`);
  const again = user.run(['rotate', 'personal']);
  const state = found === after ? 'new' : again.stderr.includes('going on') ? 'staged' : 'old';
  if (state === 'staged') expect(again.status).toBe(0);
  if (state === 'old') user.must(args, { input });
  expect(user.must(['get', 'personal', 'api_secret']).stdout).toBe(`${after[0].api_secret}\n`);
  expect(user.must(['get', 'personal', 'bearer_token']).stdout).toBe(`${after[0].bearer_token}\n`);
  return state;
}

describe.skipIf(!canTrace())('rotate', { timeout: atNight(1_800_000, 300_000) }, () => {
  it('killed: the old pair or the new one is in use, and the same command goes on', async () => {
    const world = await toRotate();
    const { user, args, input } = world;
    const { outcomes, sites } = await sweep(user, [args, input], async () => stateAfter(world), 12);
    expect(Object.keys(outcomes).sort()).toEqual(['new', 'old', 'staged']);
    expect([...sites]).toContain('rename profiles/personal.age.tmp');
  });

  it('with EIO, ENOSPC, EROFS and EINTR in turn says so, and the same command goes on', async () => {
    const world = await toRotate();
    const { user, args, input } = world;
    const { sites } = await sweepErrors(user, [args, input], async ({ status, stderr }) => {
      if (status !== 0) expect(stderr).toMatch(/^twvault: (cannot|another) /m);
      const state = stateAfter(world);
      if (status === 0) expect(state).toBe('new');
      expect(strays(user)).toEqual([]);
      return `exit ${status}, ${state}`;
    });
    expect(sites.size).toBeGreaterThan(2);
  });
});
