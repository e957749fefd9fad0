import { describe, expect, it } from 'vitest';
import type { Assignment } from '../../src/intake/assignment.ts';
import { candidatesOf, type Findings, type Source } from '../../src/intake/candidates.ts';
import type { FieldName } from '../../src/profile/fields.ts';
import { Secret } from '../../src/profile/secret.ts';
import { alphanumeric, clientId, generatedKeys } from '../support/credentials.ts';

type Tree = { readonly [name: string]: string | Tree };

/** A file whose values stand in a tree of names, as the readers give it. */
function file(path: string, tree: Tree): Source {
  const assignments: Assignment[] = [];
  const add = (branch: Tree, scope: readonly string[]): void => {
    for (const [name, value] of Object.entries(branch)) {
      const line = assignments.length + 1;
      if (typeof value !== 'string') add(value, [...scope, name]);
      else
        assignments.push({
          name,
          scope,
          secret: new Secret(value),
          line,
          value: { start: line, end: line },
        });
    }
  };
  add(tree, []);
  return { path, assignments };
}

/** A file of names with values that may stand there twice, or of values without a name. */
function lines(path: string, ...pairs: readonly (readonly [string, string])[]): Source {
  const assignments = pairs.map(([name, value], index) => ({
    name,
    scope: [],
    secret: new Secret(value),
    line: index + 1,
    value: { start: index, end: index },
  }));
  return { path, assignments };
}

function profilesOf({
  candidates,
}: Findings): Record<string, { inherit?: string; fields: Record<string, string> }> {
  return Object.fromEntries(
    candidates.map(({ name, inherit, fields }) => [
      name,
      {
        ...(inherit === undefined ? {} : { inherit }),
        fields: Object.fromEntries(
          [...fields].map(([field, [first]]) => [field, first?.secret.reveal() ?? '']),
        ),
      },
    ]),
  );
}

/** The profiles that trees in files called `0.env`, `1.env`, ... make. */
const found = (...trees: readonly Tree[]) =>
  candidatesOf(trees.map((tree, index) => file(`${index}.env`, tree)));
const made = (...trees: readonly Tree[]) => profilesOf(found(...trees));

const a = generatedKeys('1234567');
const b = generatedKeys('7654321');
const app = { api_key: a.api_key, api_secret: a.api_secret };
const userOf = ({ access_token, access_token_secret }: typeof a) => ({ access_token, access_token_secret });
const tutorial = (keys: typeof a) => ({
  CONSUMER_KEY: keys.api_key,
  CONSUMER_SECRET: keys.api_secret,
  ACCESS_TOKEN: keys.access_token,
  ACCESS_TOKEN_SECRET: keys.access_token_secret,
});
const bearer = (): string => `${'A'.repeat(22)}${alphanumeric(80)}%3D`;
const oauth2 = (kind: string): string =>
  Buffer.from(`${alphanumeric(45)}:1699999999999:1:1:${kind}:1`).toString('base64url');

describe('one account', () => {
  it('is named after the account id where nothing else names it', () => {
    expect(made(tutorial(a))).toEqual({ 'account-1234567': { fields: a } });
    for (const within of ['OAuth1UserHandler', 'OAuth1Session', 'TwitterStrategy', 'stringData', 'spring'])
      expect(made({ [within]: tutorial(a) })).toEqual({ 'account-1234567': { fields: a } });
    expect(found(tutorial(a)).candidates[0]?.account).toEqual({ id: '1234567' });
  });

  it.each<[string, Tree]>([
    ['alice', { alice: tutorial(a) }],
    ['alice', { twitter: { Alice: tutorial(a) } }],
    [
      'alice',
      {
        alice: {
          consumer: { key: a.api_key, secret: a.api_secret },
          access: { token: a.access_token, secret: a.access_token_secret },
        },
      },
    ],
    [
      'account-1234567',
      {
        twitter: {
          key: a.api_key,
          secret: a.api_secret,
          token: a.access_token,
          token_secret: a.access_token_secret,
        },
      },
    ],
    [
      'account-1234567',
      {
        consumer_key: a.api_key,
        consumer_secret: a.api_secret,
        token: a.access_token,
        secret: a.access_token_secret,
      },
    ],
    [
      'account-1234567',
      {
        'oauth.consumerKey': a.api_key,
        'oauth.consumerSecret': a.api_secret,
        'oauth.accessToken': a.access_token,
        'oauth.accessTokenSecret': a.access_token_secret,
      },
    ],
    [
      'brand',
      {
        BRAND_TWITTER_API_KEY: a.api_key,
        BRAND_TWITTER_API_SECRET: a.api_secret,
        BRAND_TWITTER_ACCESS_TOKEN: a.access_token,
        BRAND_TWITTER_ACCESS_SECRET: a.access_token_secret,
      },
    ],
    [
      'account-1234567',
      {
        API_KEY: a.api_key,
        API_SECRET: a.api_secret,
        ACCESS_TOKEN: a.access_token,
        ACCESS_TOKEN_SECRET: a.access_token_secret,
      },
    ],
    ['account-1234567', { app: app, user: userOf(a) }],
  ])('%s, whatever the nesting and the spelling', (name, tree) => {
    expect(made(tree)).toEqual({ [name]: { fields: a } });
  });

  it('is one where its values stand in several files or environments', () => {
    expect(made(tutorial(a), { ...app, TWITTER_BEARER_TOKEN: a.api_key }, userOf(a))).toMatchObject({
      'account-1234567': { fields: a },
    });
    const rails = { development: { twitter: tutorial(a) }, production: { twitter: tutorial(a) } };
    expect(Object.values(made(rails))).toEqual([{ fields: a }]);
    expect(made({ development: tutorial(a), production: tutorial(b) })).toEqual({
      development: { fields: a },
      production: { fields: b },
    });
  });

  it('takes what stands above its section along', () => {
    const token = bearer();
    expect(made({ BEARER_TOKEN: token, twitter: tutorial(a) })).toEqual({
      'account-1234567': { fields: { ...a, bearer_token: token } },
    });
  });

  it('is read from values alone, by shape', () => {
    const source = lines(
      'keys.txt',
      ['', a.api_key],
      ['', a.api_secret],
      ['', a.access_token],
      ['', a.access_token_secret],
    );
    expect(profilesOf(candidatesOf([source]))).toEqual({ 'account-1234567': { fields: a } });
  });

  it.each([
    ['ckey', 'csecret', 'atoken', 'asecret'],
    ['CK', 'CS', 'AT', 'AS'],
    ['CK', 'CS', 'AT', 'ATS'],
  ])('is read from the short names of tutorials: %s, %s, %s, %s', (key, secret, token, tokenSecret) => {
    const pair = { [key]: a.api_key, [secret]: a.api_secret };
    const user = { [token]: a.access_token, [tokenSecret]: a.access_token_secret };
    expect(profilesOf(found({ ...pair, ...user }))).toEqual({ 'account-1234567': { fields: a } });
    // Without the app's two they are words like any other.
    expect(profilesOf(found({ [secret]: a.api_secret, [tokenSecret]: a.access_token_secret }))).toEqual({});
    expect(profilesOf(found({ [key]: 'left', [secret]: 'right', [token]: 'home' }))).toEqual({});
  });

  it('is read by the names of the variables that code asks first', () => {
    const { assignments } = file('bot.py', { x: a.api_key, y: a.api_secret });
    const asked = assignments.map((each, index) => ({
      ...each,
      variable: index === 0 ? 'CONSUMER_KEY' : 'CONSUMER_SECRET',
    }));
    const [profile] = Object.values(profilesOf(candidatesOf([{ path: 'bot.py', assignments: asked }])));
    expect(profile?.fields).toEqual(app);
    expect(profilesOf(candidatesOf([{ path: 'bot.py', assignments }]))).toEqual({});
  });

  it("is Spring's, which calls the API key an id", () => {
    const tree = { 'app-id': a.api_key, appSecret: a.api_secret };
    expect(Object.values(made({ twitter: tree }))).toEqual([{ fields: app }]);
    expect(Object.values(made({ twitter: { appId: a.api_key, appSecret: a.api_secret } }))).toEqual([
      { fields: app },
    ]);
    expect(made({ facebook: tree })).toEqual({});
  });

  it('is named after the user where a name says who that is', () => {
    expect(Object.keys(made({ ...tutorial(a), TWITTER_USERNAME: '@Alice_Bot' }))).toEqual(['alice_bot']);
    expect(Object.keys(made({ ...tutorial(a), USERNAME: 'postgres' }))).toEqual(['account-1234567']);
  });

  it('has a name that a profile can have', () => {
    const names = ['Al ice!', 'CON', '..', 'Ünïcode', alphanumeric(25), 'x'.repeat(99)];
    for (const section of names) {
      const [name] = Object.keys(made({ [section]: tutorial(a) }));
      expect(name).toMatch(/^[a-z0-9][a-z0-9._-]{0,63}$/);
      expect(name).not.toBe('con');
    }
    expect(Object.keys(made({ 'Al ice!': tutorial(a) }))).toEqual(['al-ice']);
  });
});

describe('several accounts', () => {
  it('that use one app inherit it', () => {
    const parent = { fields: app };
    const expected = {
      app: parent,
      alice: { inherit: 'app', fields: userOf(a) },
      bob: { inherit: 'app', fields: userOf(b) },
    };
    const withApp = (keys: typeof a) => ({ ...app, ...userOf(keys) });
    expect(made({ alice: withApp(a), bob: withApp(b) })).toEqual(expected);
    expect(made({ ...app, accounts: { alice: userOf(a), bob: userOf(b) } })).toEqual(expected);
    expect(made({ consumer: app, alice: userOf(a), bob: userOf(b) })).toEqual(expected);
    expect(
      made({
        CONSUMER_KEY: a.api_key,
        CONSUMER_SECRET: a.api_secret,
        ALICE_ACCESS_TOKEN: a.access_token,
        ALICE_ACCESS_TOKEN_SECRET: a.access_token_secret,
        BOB_ACCESS_TOKEN: b.access_token,
        BOB_ACCESS_TOKEN_SECRET: b.access_token_secret,
      }),
    ).toEqual(expected);
    expect(made(app, { alice: userOf(a) }, { bob: userOf(b) })).toEqual(expected);
    expect(found({ alice: withApp(a), bob: withApp(b) }).candidates[0]?.name).toBe('app');
  });

  it('of apps of their own stay apart', () => {
    expect(made({ alice: tutorial(a), bob: tutorial(b) })).toEqual({
      alice: { fields: a },
      bob: { fields: b },
    });
    const numbered = Object.fromEntries(
      [a, b].flatMap((keys, index) =>
        Object.entries(tutorial(keys)).map(([name, value]) => [`${name}_${index + 1}`, value]),
      ),
    );
    expect(Object.values(made(numbered))).toEqual([{ fields: a }, { fields: b }]);
    const families = {
      TWITTER_API_KEY: a.api_key,
      TWITTER_API_SECRET: a.api_secret,
      X_API_KEY: b.api_key,
      X_API_SECRET: b.api_secret,
    };
    expect(Object.values(made(families)).map(({ fields }) => fields.api_key)).toEqual([a.api_key, b.api_key]);
  });

  it('in one scope, one after the other', () => {
    const pairs = [a, b].flatMap((keys) => Object.entries(tutorial(keys)));
    expect(Object.values(profilesOf(candidatesOf([lines('apps.jsonl', ...pairs)])))).toEqual([
      { fields: a },
      { fields: b },
    ]);
  });

  it('keep halves of a pair together', () => {
    const odd = { ...tutorial(b), CONSUMER_KEY: a.api_key };
    const { alice, bob } = made({ alice: tutorial(a), bob: odd });
    expect([alice?.fields.api_key, bob?.fields.api_secret]).toEqual([a.api_key, b.api_secret]);
  });
});

describe('the files of command-line tools', () => {
  const entry = (keys: typeof a, user: string) => ({
    username: user,
    consumer_key: keys.api_key,
    consumer_secret: keys.api_secret,
    token: keys.access_token,
    secret: keys.access_token_secret,
  });

  it('twurl: users, their apps, and bearer tokens by consumer key', () => {
    const token = bearer();
    const twurlrc = {
      profiles: { alice: { [a.api_key]: entry(a, 'alice'), [b.api_key]: entry(b, 'alice') } },
      configuration: { default_profile: { '0': 'alice', '1': a.api_key } },
      bearer_tokens: { [a.api_key]: token },
    };
    const findings = candidatesOf([file('.twurlrc', twurlrc)]);
    expect(profilesOf(findings)).toEqual({
      alice: { fields: { ...a, bearer_token: token } },
      'alice-2': { fields: b },
    });
    expect(findings.candidates[0]?.account).toEqual({ id: '1234567', name: 'alice' });
    expect(findings.leftAlone).toEqual([]);
  });

  it('xurl: an app with one user, and with several', () => {
    const [id, secret] = [clientId(), alphanumeric(50)];
    const login = () => ({
      access_token: oauth2('at'),
      refresh_token: oauth2('rt'),
      expiration_time: '1700000000',
    });
    const [alice, bob] = [login(), login()];
    const apps = (tokens: Tree) => ({
      apps: {
        newsbot: {
          client_id: id,
          client_secret: secret,
          oauth2_tokens: tokens,
          oauth1_token: {
            type: 'oauth1',
            oauth1: {
              access_token: a.access_token,
              token_secret: a.access_token_secret,
              consumer_key: a.api_key,
              consumer_secret: a.api_secret,
            },
          },
        },
      },
    });
    const loginFields = (tokens: ReturnType<typeof login>) => ({
      oauth2_access_token: tokens.access_token,
      oauth2_refresh_token: tokens.refresh_token,
    });
    expect(made(apps({ alice: { type: 'oauth2', oauth2: alice } }))).toEqual({
      alice: { fields: { ...a, client_id: id, client_secret: secret, ...loginFields(alice) } },
    });
    expect(made(apps({ alice: { oauth2: alice }, bob: { oauth2: bob } }))).toEqual({
      newsbot: { fields: { ...app, client_id: id, client_secret: secret } },
      alice: { inherit: 'newsbot', fields: loginFields(alice) },
      bob: { inherit: 'newsbot', fields: loginFields(bob) },
      'account-1234567': { inherit: 'newsbot', fields: userOf(a) },
    });
  });
});

describe('what is not of X', () => {
  const names = (tree: Tree) => {
    const { candidates, leftAlone, refused } = found(tree);
    return {
      taken: candidates.flatMap(({ fields }) => [...fields.keys()]),
      left: leftAlone.map(({ name }) => name),
      refused: refused.map(({ name }) => name),
    };
  };

  it.each<[string, Tree]>([
    ['keys of other services', { OPENAI_API_KEY: alphanumeric(40), GITHUB_ACCESS_TOKEN: alphanumeric(40) }],
    ['an API key of nobody in particular', { API_KEY: alphanumeric(25) }],
    ['the X_API_KEY of a header', { X_API_KEY: alphanumeric(25) }],
    [
      'secrets that sign tokens',
      { ACCESS_TOKEN_SECRET: alphanumeric(45), REFRESH_TOKEN_SECRET: alphanumeric(45) },
    ],
    ['WooCommerce', { CONSUMER_KEY: `ck_${'ab12'.repeat(10)}`, CONSUMER_SECRET: `cs_${'ab12'.repeat(10)}` }],
    ['Salesforce', { CONSUMER_KEY: `3MVG9${alphanumeric(80)}`, CONSUMER_SECRET: alphanumeric(64) }],
    [
      'Tumblr',
      {
        consumer_key: alphanumeric(50),
        consumer_secret: alphanumeric(50),
        oauth_token: alphanumeric(50),
        oauth_token_secret: alphanumeric(50),
      },
    ],
    [
      'a browser session',
      {
        TWITTER_AUTH_TOKEN: 'ab12'.repeat(10),
        TWITTER_CT0: 'ab12'.repeat(40),
        TWITTER_COOKIES: `auth_token=${'ab12'.repeat(10)}`,
      },
    ],
    [
      "another service's login",
      {
        CLIENT_ID: `${alphanumeric(30)}.apps.example.com`,
        CLIENT_SECRET: alphanumeric(24),
        REFRESH_TOKEN: `1//${alphanumeric(60)}`,
      },
    ],
  ])('%s is left alone', (_, tree) => {
    expect(names(tree)).toEqual({ taken: [], left: Object.keys(tree), refused: [] });
  });

  it('is left beside what is', () => {
    const tree = {
      ...tutorial(a),
      OPENAI_API_KEY: alphanumeric(40),
      CLIENT_SECRET: alphanumeric(24),
      PORT: '3000',
      DEBUG: 'true',
    };
    expect(names(tree)).toEqual({
      taken: Object.keys(a),
      left: ['OPENAI_API_KEY', 'CLIENT_SECRET'],
      refused: [],
    });
    const mixed = { TWITTER_API_KEY: a.api_key, TWITTER_API_SECRET: a.api_secret, API_KEY: alphanumeric(32) };
    expect(names(mixed)).toEqual({ taken: ['api_key', 'api_secret'], left: ['API_KEY'], refused: [] });
  });

  it('a placeholder is refused by its name, a cookie too', () => {
    const { CONSUMER_SECRET: _, ...rest } = tutorial(a);
    expect(names({ ...rest, CONSUMER_SECRET: 'YOUR_CONSUMER_SECRET' })).toEqual({
      taken: ['api_key', 'access_token', 'access_token_secret'],
      left: [],
      refused: ['CONSUMER_SECRET'],
    });
    const empty = Object.fromEntries(Object.keys(tutorial(a)).map((name) => [name, 'xxxxxxxxxx']));
    expect(names(empty)).toEqual({ taken: [], left: [], refused: Object.keys(empty) });
    const cookie = Buffer.from('kdt=1;auth_token=2;ct0=3;').toString('base64');
    expect(found({ TWITTER_API_KEY: cookie }).refused[0]?.reason).toContain('cookie');
  });

  it('never shows a value, not even where it stands as a name', () => {
    const findings = found({
      [a.api_key]: a.access_token_secret,
      api_secret_token: a.api_secret,
      ...tutorial(b),
    });
    const text = JSON.stringify(findings);
    for (const value of [...Object.values(a), ...Object.values(b)])
      expect(text.includes(value) && value !== a.api_key).toBe(false);
    expect(findings.leftAlone.map(({ name }) => name)).not.toContain(a.api_key);
  });
});

describe('doubtful values', () => {
  const warnings = (tree: Tree) => found(tree).candidates.flatMap((candidate) => candidate.warnings);

  it('are taken and warned of', () => {
    const swapped = { ...tutorial(a), CONSUMER_KEY: a.api_secret, CONSUMER_SECRET: a.api_key };
    expect(warnings(swapped)).toContain('api_key and api_secret look swapped');
    const misplaced = { TWITTER_API_KEY: a.access_token, TWITTER_API_SECRET: a.api_secret };
    expect(warnings(misplaced).join()).toContain('the value of api_key has the shape of an access_token');
    expect(warnings(tutorial(a))).toEqual([]);
  });

  it('give way to better ones for the same field', () => {
    const findings = found({
      TWITTER_API_KEY: a.api_key,
      TWITTER_API_SECRET: a.api_secret,
      TWITTER_CONSUMER_KEY: 'short1',
    });
    expect(profilesOf(findings)).toEqual({ personal: { fields: app } });
    expect(findings.leftAlone[0]).toMatchObject({
      name: 'TWITTER_CONSUMER_KEY',
      reason: expect.stringContaining('api_key'),
    });
  });

  it('are cleaned, and that is noted', () => {
    const [candidate] = found({ ...tutorial(a), CONSUMER_KEY: ` "${a.api_key}" ` }).candidates;
    expect(candidate?.fields.get('api_key' as FieldName)?.[0]?.secret.reveal()).toBe(a.api_key);
    expect(candidate?.notes).toEqual(['api_key: took off white space and quotes']);
  });
});
