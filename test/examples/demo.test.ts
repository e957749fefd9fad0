import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { search } from '../../examples/demo/search.mjs';
import { type Result, temporaryFolder } from '../support/cli.ts';
import { alphanumeric, sentinel } from '../support/credentials.ts';

const DEMO = join(import.meta.dirname, '../../examples/demo.mjs');

/** A machine that nothing was set up on, and the demo on it, its standard input closed. */
function freshMachine() {
  const root = temporaryFolder();
  const [home, tmp] = [join(root, 'home'), join(root, 'tmp')];
  mkdirSync(home);
  mkdirSync(tmp);
  const left = () => readdirSync(root, { recursive: true }).sort();

  const run = (env: Record<string, string> = {}, stopAt?: string, signal: NodeJS.Signals = 'SIGINT') =>
    new Promise<Result>((resolve, reject) => {
      const demo = spawn('/bin/sh', ['-c', 'exec "$0" "$1" <&-', process.execPath, DEMO], {
        env: { PATH: process.env.PATH, HOME: home, TMPDIR: tmp, ...env },
      });
      let [stdout, stderr] = ['', ''];
      demo.stdout.on('data', (bytes) => {
        stdout += bytes;
        if (stopAt !== undefined && stdout.includes(stopAt)) demo.kill(signal);
      });
      demo.stderr.on('data', (bytes) => {
        stderr += bytes;
      });
      demo.on('error', reject);
      demo.on('close', (status, signal) => resolve({ status, signal, stdout, stderr }));
    });
  return { run, left };
}

describe('the demo', () => {
  test('is green on a fresh machine, and leaves nothing behind', async () => {
    const { run, left } = freshMachine();

    const { status, stdout, stderr } = await run();

    expect(stderr).toBe('');
    expect(status).toBe(0);
    const seen = [...stdout.matchAll(/seen by X: @(\w+)/g)].map((match) => match[1]);
    expect(seen.slice(0, 3)).toEqual(['ada_writes', 'brand_news', 'brand_news']);
    expect(stdout).toMatch(/^[1-9]\d* files searched, no plaintext\n$/m);
    expect(stdout.split('\n').length).toBeLessThan(60);
    expect(left()).toEqual(['home', 'tmp']);
  });

  test("is not led astray by the user's own vault, keys and proxy", async () => {
    const { run, left } = freshMachine();

    const { status, stdout } = await run({
      TWVAULT_HOME: '/nowhere',
      TWVAULT_PROFILE: 'nobody',
      TWVAULT_IDENTITY: sentinel(),
      TWITTER_API_KEY: alphanumeric(25),
      HTTPS_PROXY: 'http://127.0.0.1:1',
      https_proxy: 'http://127.0.0.1:1',
      NODE_OPTIONS: '--no-warnings',
    });

    expect(stdout).toContain('no plaintext');
    expect(status).toBe(0);
    expect(left()).toEqual(['home', 'tmp']);
  });

  test.each([
    ['SIGINT', 130, '$ twvault add personal'],
    ['SIGTERM', 143, '$ twvault exec -p brand'],
  ] as const)('cleans up after %s', async (signal, status, stopAt) => {
    const { run, left } = freshMachine();

    const result = await run({}, stopAt, signal);

    expect(result.status).toBe(status);
    expect(result.stdout).not.toContain('no plaintext');
    expect(left()).toEqual(['home', 'tmp']);
  });

  test.each([
    {
      what: 'a key left in plaintext',
      sabotage: `const { rmSync } = fs;
        fs.rmSync = (path, ...rest) => path.endsWith('twitter_credentials.py') || rmSync(path, ...rest);`,
      complaint: /^demo: plaintext in \S+twitter_credentials\.py\n$/,
    },
    {
      what: 'a post by the wrong account',
      sabotage: `const { spawn } = child;
        const other = (word) => (word === 'brand' ? 'personal' : word);
        child.spawn = (file, args, ...rest) =>
          spawn(file, args.includes('exec') ? args.map(other) : args, ...rest);`,
      complaint: /^demo: @brand_news should have posted\n$/,
    },
    {
      what: 'a command that fails',
      sabotage: "const { writeFileSync } = fs; fs.writeFileSync = (path) => writeFileSync(path, '');",
      complaint: /^demo: twvault add personal --from twitter_credentials.py: exit status [1-9]\d*\n$/,
    },
  ])('fails at $what, and cleans up', async ({ sabotage, complaint }) => {
    const { run, left } = freshMachine();
    const preload = join(temporaryFolder(), 'sabotage.cjs');
    const modules = "const fs = require('node:fs'); const child = require('node:child_process');";
    writeFileSync(preload, `${modules}\n${sabotage}\nrequire('node:module').syncBuiltinESMExports();`);

    const { status, stdout, stderr } = await run({ NODE_OPTIONS: `--require ${preload}` });

    expect(status).toBe(1);
    expect(stderr).toMatch(complaint);
    expect(stdout).not.toContain('no plaintext');
    expect(left()).toEqual(['home', 'tmp']);
  });
});

describe('its search for plaintext', () => {
  const secret = `${alphanumeric(30)}-/+`;
  const base64 = (text: string) => Buffer.from(text).toString('base64');

  test.each([
    ['plain', secret],
    ['base64', base64(secret)],
    ['base64 inside more, one byte off', base64(`{${secret}}`)],
    ['base64 inside more, two bytes off', base64(`ab${secret}cd`)],
    ['base64url', Buffer.from(`a${secret}`).toString('base64url')],
    ['percent-encoded', encodeURIComponent(secret)],
    ['percent-encoded, each byte', [...Buffer.from(secret)].map((byte) => `%${byte.toString(16)}`).join('')],
  ])('finds %s, in a folder below', (_, form) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'below'));
    writeFileSync(join(folder, 'below', '.hidden'), `\0\xff${form}\0`);
    writeFileSync(join(folder, 'innocent'), alphanumeric(100));

    expect(search(folder, [secret])).toEqual({ searched: 2, found: [join(folder, 'below', '.hidden')] });
  });
});
