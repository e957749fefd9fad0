import { describe, expect, it, vi } from 'vitest';
import { vaultIn } from '../faults/writers.ts';
import type { StandInOptions } from '../standin/server.mjs';
import { KEY, Terminal } from '../terminal/pty.ts';
import { AtX } from './at-x.ts';
import { endsIn, loggedIn } from './login.ts';

/** A profile with a token of each kind. */
async function withEverything(fault?: StandInOptions['fault']) {
  const world = await new AtX().start(fault);
  const [ada] = world.accounts;
  if (!ada) throw new Error('no account');
  const issued = world.oauth2.issue({
    client: world.client,
    account: ada,
    scopes: ['tweet.read', 'offline.access'],
  });
  world.secrets.push(issued.access, issued.refresh);
  const { id: _, username, bearer_token = '', ...four } = ada;
  const { id, secret = '' } = world.client;
  const oauth2 = { oauth2_access_token: issued.access, oauth2_refresh_token: issued.refresh };
  world.store('personal', { ...four, bearer_token, client_id: id, client_secret: secret, ...oauth2 });
  return { world, ada, issued };
}

const fieldsOf = async (world: AtX, name = 'personal') =>
  [...(await (await vaultIn(world.user)).read(name)).fields.keys()].sort();
const APP = ['api_key', 'api_secret', 'client_id', 'client_secret'];
const USER = ['access_token', 'access_token_secret'];
const OAUTH2 = ['oauth2_access_token', 'oauth2_refresh_token'];

describe('revoke', () => {
  it('ends every token at X, proves it, removes it, and says what only the console can do', async () => {
    const { world, ada, issued } = await withEverything();
    const { status, stdout, stderr } = await world.user.start(['revoke', 'personal', '--yes']);
    expect([status, stdout]).toEqual([0, '']);
    expect(await fieldsOf(world)).toEqual(APP);
    expect((await (await vaultIn(world.user)).read('personal')).grant).toBeUndefined();
    expect(world.oauth2.holderOf(`Bearer ${issued.access}`)).toBeUndefined();
    expect([...world.x.logins.revoked].sort()).toEqual([ada.access_token, ada.bearer_token].sort());
    expect(world.oauth2.refreshes).toBe(0);
    expect(stderr).toContain('an app has one bearer token: every program that uses it stops working');
    expect(stderr).toContain(
      "only X's console can end api_key, api_secret, client_secret: regenerate them at https://console.x.com",
    );
    world.checkSilence(stderr);
    expect((await world.user.start(['revoke', 'personal', '--yes'])).status).toBe(4);
  });

  it('keeps what X still takes, and ends with 5', async () => {
    const { world } = await withEverything();
    world.x.logins.isForgetful = true;
    const { status, stderr } = await world.user.start(['revoke', 'personal', '--yes']);
    expect([status, stderr]).toEqual([
      5,
      expect.stringContaining(
        'access_token and access_token_secret kept, since it still works: X says that it was revoked, but still takes it',
      ),
    ]);
    expect(await fieldsOf(world)).toEqual([...USER, 'bearer_token', ...APP].sort());
    world.checkSilence(stderr);
  });

  it('does not lose a login whose refresh token works on although X said that it ended', async () => {
    const { world, issued } = await withEverything(({ endpoint }) =>
      endpoint === 'POST /2/oauth2/revoke' ? { status: 200, body: { revoked: true } } : undefined,
    );
    const { status } = await world.user.start(['revoke', 'personal', '--yes', '--only', OAUTH2.join(',')]);
    expect(status).toBe(5);
    const { fields } = await world.stored('personal');
    expect(fields.oauth2_refresh_token).not.toBe(issued.refresh);
    expect((await world.user.start(['token', 'personal', '--min-life', '2h'])).status).toBe(0);
  });

  it('keeps what could not be confirmed, and ends with 1', async () => {
    const { world } = await withEverything(({ endpoint }) =>
      /verify|users\/me|usage|token$/.test(endpoint) ? 'drop' : undefined,
    );
    const before = await fieldsOf(world);
    const { status, stderr } = await world.user.start(['revoke', 'personal', '--yes']);
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining('its end was not confirmed: the connection failed'),
    ]);
    expect(await fieldsOf(world)).toEqual(before);
    world.checkSilence(stderr);
  });

  it('does not take a rejected signature for the end of a token', async () => {
    const { world } = await withEverything();
    const other = world.accounts[1]?.access_token_secret ?? '';
    world.user.must(['set', 'personal', 'access_token_secret'], { input: other });
    const { status } = await world.user.start(['revoke', 'personal', '--yes', '--only', 'access_token']);
    expect(status).toBe(1);
    expect(await fieldsOf(world)).toContain('access_token');
  });

  it('ends only what is named, and nothing of a parent', async () => {
    const { world, ada } = await withEverything();
    const bob = world.accounts[1];
    world.store(
      'brand',
      { access_token: bob?.access_token ?? '', access_token_secret: bob?.access_token_secret ?? '' },
      '--inherit',
      'personal',
    );
    const child = await world.user.start(['revoke', 'brand', '--yes']);
    expect([child.status, child.stderr]).toEqual([
      0,
      expect.stringContaining('the bearer_token comes from personal and is left alone'),
    ]);
    expect(world.x.logins.revoked.has(ada.bearer_token ?? '')).toBe(false);
    expect(await fieldsOf(world, 'brand')).toEqual([]);
    expect((await world.user.start(['revoke', 'personal', '--yes', '--only', 'bearer_token'])).status).toBe(
      0,
    );
    expect(await fieldsOf(world)).toEqual([...USER, ...APP, ...OAUTH2].sort());
    const key = await world.user.start(['revoke', 'personal', '--yes', '--only', 'api_key']);
    expect([key.status, key.stderr]).toEqual([
      2,
      expect.stringContaining('regenerate it at https://console.x.com'),
    ]);
  });

  it('waits for a renewal that is under way, and ends what it brought', async () => {
    const { user, oauth2, issued } = await loggedIn();
    await endsIn(user, 0);
    oauth2.delay = 1500;
    const renewing = user.start(['token', 'personal']);
    await vi.waitFor(() => expect(oauth2.asked).toBe(1), { timeout: 10_000 });
    const { status, stderr } = await user.start(['revoke', 'personal', '--yes']);
    const token = (await renewing).stdout.trim();
    expect(token).not.toBe(issued.access);
    expect([status, oauth2.holderOf(`Bearer ${token}`)]).toEqual([0, undefined]);
    expect(stderr).not.toContain('in the meantime');
    expect([...(await (await vaultIn(user)).read('personal')).fields.keys()].sort()).toEqual(APP.slice(2));
  });

  it('asks first; no is the default', async () => {
    const { world } = await withEverything();
    const terminal = Terminal.twvault(world.user, 'revoke', 'personal');
    await terminal.answer(
      'end oauth2_refresh_token, oauth2_access_token, access_token, bearer_token of personal at X?',
      KEY.enter,
    );
    await terminal.until('nothing was revoked');
    expect(await terminal.ended()).toBe(130);
    expect(world.x.logins.revoked.size).toBe(0);
    expect((await world.user.start(['revoke', 'personal'])).status).toBe(2);
  });
});
