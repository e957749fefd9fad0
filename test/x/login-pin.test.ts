import { describe, expect, it } from 'vitest';
import { KEY, Terminal } from '../terminal/pty.ts';
import { AtX, accountsOfOneApp } from './at-x.ts';

async function atPrompt(world: AtX, ...args: string[]) {
  const terminal = Terminal.twvault(world.user, ...args);
  await terminal.until('the PIN that X shows');
  const link =
    world.opened ??
    /https:\/\/api\.x\.com\/oauth\/authorize\?oauth_token=[\w%-]+/.exec(
      terminal.output.replace(/\r\n/g, ''),
    )?.[0] ??
    '';
  return { terminal, link };
}

describe('login --pin', () => {
  it("gets the tokens of the account that entered the PIN, under a new profile with another one's app", async () => {
    const world = await new AtX().start();
    const [, bob] = world.accounts;
    world.addApp();
    world.x.logins.browserUser = 'bob';
    const { terminal, link } = await atPrompt(world, 'login', 'brand', '--pin', '--inherit', 'personal');
    expect(link).toMatch(/^https:\/\/api\.x\.com\/oauth\/authorize\?oauth_token=/);
    expect(terminal.output.replaceAll('\r\n', '')).toContain(link);
    expect(world.browserEnvironment).not.toMatch(/TWVAULT/);
    expect(world.user.must(['list', '--json']).stdout).not.toContain('brand');
    const pin = await world.pinAt(link);
    terminal.type(` 123${KEY.enter}`);
    await terminal.until('a PIN is a number of 7 digits');
    await terminal.answer('the PIN that X shows', `${pin === '1000000' ? '1000001' : '1000000'}${KEY.enter}`);
    await terminal.until('X does not take that PIN');
    await terminal.answer('the PIN that X shows', ` ${pin.slice(0, 3)} ${pin.slice(3)} ${KEY.enter}`);
    await terminal.until('brand is connected to @bob (7654321)');
    expect(await terminal.ended()).toBe(0);
    const { fields, account, inherit } = await world.stored('brand');
    expect(fields).toEqual({
      access_token: bob?.access_token,
      access_token_secret: bob?.access_token_secret,
    });
    expect([account, inherit]).toEqual([{ id: '7654321', name: 'bob' }, 'personal']);
    world.checkSilence(terminal.output);
    expect((await world.user.start(['verify', 'brand'])).status).toBe(0);
  });

  it('asks for read-only tokens with --read-only, and stores nothing when interrupted', async () => {
    const asked: string[] = [];
    const world = await new AtX().start(({ endpoint }) => void asked.push(endpoint));
    world.addApp();
    const { terminal } = await atPrompt(
      world,
      'login',
      'brand',
      '--pin',
      '--read-only',
      '--inherit',
      'personal',
    );
    terminal.type(KEY.interrupt);
    expect(await terminal.ended()).toBe(130);
    expect(asked).toEqual(['POST /oauth/request_token']);
    expect(world.x.logins.accessTypes).toEqual(['read']);
    expect(world.user.must(['list', '--json']).stdout).not.toContain('brand');
  });

  it('does not let another account take a profile over, unless told to', async () => {
    const world = await new AtX().start();
    const [ada, bob] = world.accounts;
    world.addApp('app');
    const { access_token = '', access_token_secret = '' } = ada ?? {};
    world.store('personal', { access_token, access_token_secret }, '--inherit', 'app');
    world.x.logins.browserUser = 'bob';
    const first = await atPrompt(world, 'login', 'personal', '--pin');
    first.terminal.type((await world.pinAt(first.link)) + KEY.enter);
    await first.terminal.until('that was a login as @bob (7654321), but personal belongs to 1234567');
    expect(await first.terminal.ended()).toBe(1);
    expect((await world.stored('personal')).fields.access_token).toBe(access_token);
    const second = await atPrompt(world, 'login', 'personal', '--pin', '--replace-account');
    second.terminal.type((await world.pinAt(second.link)) + KEY.enter);
    await second.terminal.until('personal is connected to @bob');
    expect(await second.terminal.ended()).toBe(0);
    expect(await world.stored('personal')).toMatchObject({
      fields: { access_token: bob?.access_token },
      account: { id: '7654321', name: 'bob' },
    });
    world.checkSilence(first.terminal.output, second.terminal.output);
  });

  it("asks for the app's keys where the profile has none, and says what X has against them", async () => {
    const world = await new AtX().start();
    const [ada] = accountsOfOneApp();
    const terminal = Terminal.twvault(world.user, 'login', 'personal', '--pin');
    await terminal.answer('API Key (api_key)', `"${ada.api_key}"${KEY.enter}`);
    await terminal.answer('API Key Secret (api_secret)', ada.api_secret + KEY.enter);
    await terminal.until('the login did not begin: the API key or its secret is wrong');
    expect(await terminal.ended()).toBe(5);
    world.checkSilence(terminal.output);
    expect(world.user.must(['list', '--json']).stdout).not.toContain('personal');
  });

  it('needs a terminal, and keys', async () => {
    const world = await new AtX().start();
    world.addApp();
    const { status, stderr } = await world.user.start(['login', 'personal', '--pin']);
    expect([status, stderr]).toEqual([
      3,
      expect.stringMatching(/no terminal to ask for the PIN on[\s\S]*hint: /),
    ]);
    const without = await world.user.start(['login', 'other', '--app']);
    expect([without.status, without.stderr]).toEqual([4, expect.stringContaining('--inherit PROFILE')]);
    expect((await world.user.start(['login', 'personal'])).status).toBe(2);
    expect((await world.user.start(['login', 'personal', '--pin', '--oauth2'])).status).toBe(2);
    expect((await world.user.start(['login', 'personal', '--pin', '--port', '1'])).status).toBe(2);
    expect((await world.user.start(['login', 'other', '--pin', '--inherit', 'nobody'])).status).toBe(4);
  });
});

describe('login --app', () => {
  it('stores the bearer token where the keys of the app are, and says where', async () => {
    const world = await new AtX().start();
    world.addApp();
    const { status, stdout, stderr } = await world.user.start([
      'login',
      'brand',
      '--app',
      '--inherit',
      'personal',
    ]);
    expect([status, stdout]).toEqual([0, '']);
    expect(stderr).toContain("stored the app's bearer_token in personal, whose app brand uses");
    const { fields } = await world.stored('personal');
    expect(fields.bearer_token).toBe(world.accounts[0]?.bearer_token);
    expect((await world.stored('brand')).inherit).toBe('personal');
    world.checkSilence(stderr);
  });

  it('says that X is away without storing anything', async () => {
    const world = await new AtX().start(() => 'drop');
    world.addApp();
    const { status, stderr } = await world.user.start(['login', 'personal', '--app']);
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining('X gave no bearer token: the connection failed'),
    ]);
    world.checkSilence(stderr);
  });
});
