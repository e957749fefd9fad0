import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { OAuth2Server } from '../standin/oauth2.mjs';
import { startStandIn } from '../standin/server.mjs';
import { temporaryFolder, User } from '../support/cli.ts';
import { alphanumeric, clientId } from '../support/credentials.ts';
import { has } from '../support/tools.ts';
import { connectProxy, tlsFront } from '../x/between.ts';
import { account } from './accounts.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');

/** Go compiles its library once, and it takes longer than the rest of these tests. */
const GO_CACHE = join(EXAMPLES, '../.cache/go');

/**
 * An account in a vault and at X. The programs are as they are and ask https://api.x.com; a proxy leads them to a
 * stand-in behind TLS, whose certificate the environment has them trust.
 */
async function withAccount() {
  const ada = { ...account('ada'), bearer_token: `${'A'.repeat(22)}${alphanumeric(90)}` };
  const oauth2 = new OAuth2Server();
  const { port, posts, close } = await startStandIn({ accounts: [ada], oauth2 });
  onTestFinished(close);
  const { port: tls, certificate } = await tlsFront(port);
  const proxy = await connectProxy(tls);
  const address = `http://127.0.0.1:${proxy.port}`;

  const user = new User().withFileVault();
  user.env = {
    ...user.env,
    HTTPS_PROXY: address,
    http_proxy: address, // Ruby asks by that name, whatever the scheme
    SSL_CERT_FILE: certificate, // Go and Ruby
    CURL_CA_BUNDLE: certificate,
    GOCACHE: GO_CACHE,
    CGO_ENABLED: '0',
    GOPROXY: 'off',
    GOTOOLCHAIN: 'local',
  };
  user.add('ada', ada);
  user.must(['set', 'ada', 'bearer_token'], { input: ada.bearer_token });
  const client = { id: clientId() };
  const { access } = oauth2.issue({ client, account: ada, scopes: ['tweet.write'] });
  user.must(['set', 'ada', 'oauth2_access_token'], { input: access });
  const run = (command: readonly string[], options: readonly string[] = []) =>
    user.start(['exec', ...options, '--', ...command]);
  return { user, run, posted: () => posts.map((post) => [post.account.username, post.text]) };
}

const BOTS = [
  { name: 'bot.go', program: 'go', probe: ['version'], command: ['go', 'run', join(EXAMPLES, 'bot.go')] },
  { name: 'bot.rb', program: 'ruby', probe: ['--version'], command: ['ruby', join(EXAMPLES, 'bot.rb')] },
  { name: 'bot.sh', program: 'jq', probe: ['--version'], command: [join(EXAMPLES, 'bot.sh')] },
];

describe.each(BOTS)('$name', ({ name, program, probe, command }) => {
  const isHere = has(program, `examples/${name}`, probe) && has('curl', 'examples');

  // Compiling takes its time, with nothing in the cache.
  test.runIf(isHere)('posts as the account whose keys it gets, any text', { timeout: 300_000 }, async () => {
    const { run, posted } = await withAccount();
    const text = 'Hé & ho, it\'s 100% "me" +~*';

    expect(await run(command)).toMatchObject({
      status: 0,
      stdout: 'these are the keys of @ada\n',
      stderr: '',
    });
    expect(posted()).toEqual([]);
    expect(await run([...command, text])).toMatchObject({
      status: 0,
      stdout: `posted as @ada: ${text}\n`,
      stderr: '',
    });
    expect(posted()).toEqual([['ada', text]]);
  });

  test.runIf(isHere)('says what is missing, and what X refuses', { timeout: 300_000 }, async () => {
    const { user, run, posted } = await withAccount();

    const without = await run(command, ['--only', 'api_secret']);
    expect(without.status).toBe(1);
    expect(without.stderr).toMatch(
      /^bot: TWITTER_\w+ is not set\nbot: run: twvault exec .*examples\/bot\.\w+\n/,
    );

    user.must(['set', 'ada', 'api_secret'], { input: alphanumeric(50) });
    user.must(['set', 'ada', 'oauth2_access_token'], { input: alphanumeric(91) });
    const refused = await run([...command, 'never']);
    expect(refused.status).not.toBe(0);
    expect(refused.stdout).not.toContain('posted');
    expect(refused.stderr + refused.stdout).toMatch(/401/);
    expect(posted()).toEqual([]);
  });
});

test.runIf(has('jq', 'examples/usage.sh'))('usage.sh reads by the bearer token alone', async () => {
  const { run } = await withAccount();

  const usage = join(EXAMPLES, 'usage.sh');
  expect(await run([usage], ['--only', 'bearer_token'])).toMatchObject({
    status: 0,
    stdout: '123 of 10000 posts\n',
    stderr: '',
  });
  expect(await run([usage], ['--only', 'api_key'])).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^usage: TWITTER_BEARER_TOKEN is not set\n/),
  });
});

describe('docker', () => {
  const dockerfile = readFileSync(join(EXAMPLES, 'docker/Dockerfile'), 'utf8');
  const compose = parseYaml(readFileSync(join(EXAMPLES, 'docker/compose.yaml'), 'utf8'));

  test("what the image runs is twvault with the vault's mounts and the secret, and the bot is in it", () => {
    const [, source = ''] = /^COPY (\S+) \.\/$/m.exec(dockerfile) ?? [];
    expect(readFileSync(join(EXAMPLES, source), 'utf8')).toContain('TwitterApi');
    const command = JSON.parse(/^CMD (.+)$/m.exec(dockerfile)?.[1] ?? '') as string[];
    const user = new User().withFileVault();
    const keys = user.add('brand');
    const { bot } = compose.services;
    // What compose mounts where, without the mounting.
    const places: Record<string, string> = {
      '/vault': user.home,
      [`/run/secrets/${bot.secrets[0]}`]: user.identityFile,
    };
    expect(bot.volumes).toEqual(['./vault:/vault:ro']);
    user.env = { PATH: user.env.PATH, HOME: temporaryFolder() };
    for (const [name, path] of Object.entries<string>(bot.environment)) user.env[name] = places[path];

    const [program, ...words] = command;
    expect(program).toBe('twvault');
    const shown = words.map((word) => (word === 'bot.mjs' ? '-p' : word)).slice(0, -1);
    const result = user.must([...shown, 'process.env.TWITTER_API_KEY']);
    expect(result.stdout).toBe(`${keys.api_key}\n`);
  });

  test('nothing of the vault can get into the image or into git', () => {
    const ignored = readFileSync(join(EXAMPLES, '.dockerignore'), 'utf8').split('\n');
    const kept = readFileSync(join(EXAMPLES, '../.gitignore'), 'utf8').split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['docker/vault', 'docker/twvault-identity.txt']));
    expect(kept).toEqual(
      expect.arrayContaining(['examples/docker/vault/', 'examples/docker/twvault-identity.txt']),
    );
  });
});
