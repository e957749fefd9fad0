import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FIELDS } from '../../src/profile/fields.ts';
import { login } from '../keychain/login.ts';
import { hasSecretService } from '../keychain/secret-service.ts';
import { User } from '../support/cli.ts';
import { endsIn, loggedIn } from './login.ts';
import { project, ROOT, run } from './program.ts';

describe('credentials', () => {
  it('are read by name, and do not print themselves', async () => {
    const { user, issued, client } = await loggedIn();
    await endsIn(user, 3600);
    const text = `
      import { credentials } from 'twvault';
      import { inspect } from 'node:util';
      const found = await credentials('personal');
      const shown = [inspect(found, { showHidden: true, depth: 9 }), JSON.stringify(found), String(found), JSON.stringify({ ...found })];
      console.log(JSON.stringify({ names: ${JSON.stringify(FIELDS.map(({ name }) => name))}.map((name) => [name, found[name] ?? null]),
        camel: found.oauth2AccessToken, shown, profile: found.profile, expires: found.expires }));`;
    const { status, stdout, stderr } = await run(user, 'bot.mjs', text);
    expect([status, stderr]).toEqual([0, '']);
    const { names, camel, shown, profile, expires } = JSON.parse(stdout);
    const values = Object.fromEntries(names);
    expect(values).toMatchObject({
      client_id: client.id,
      oauth2_access_token: issued.access,
      oauth2_refresh_token: null,
    });
    expect([camel, profile]).toEqual([issued.access, 'personal']);
    expect(Date.parse(expires)).toBeGreaterThan(Date.now());
    for (const value of [issued.access, issued.refresh, client.id, client.secret as string])
      expect(shown.join('\n')).not.toContain(value);
  });

  it('fail in one line, without a prompt and without output of their own', async () => {
    const user = new User();
    const text = `require('twvault').credentials('nobody').catch(({ message, hints }) => console.log(message, hints.length))`;
    expect(await run(user, 'bot.cjs', text)).toEqual({
      status: 0,
      stdout: 'there is no vault yet 1\n',
      stderr: '',
    });
  });

  it('importing starts nothing', async () => {
    const text = `
      const before = process.memoryUsage && process.getActiveResourcesInfo().length;
      const { credentials, xClient } = require('twvault');
      console.log(typeof credentials, typeof xClient, process.getActiveResourcesInfo().length - before,
        Object.keys(require.cache).filter((path) => path.includes('twitter-api-v2')).length,
        ['SIGTERM', 'SIGINT', 'exit'].map((name) => process.listenerCount(name)).join());`;
    expect((await run(new User(), 'bot.cjs', text)).stdout).toBe('function function 0 0 0,0,0\n');
  });
});

describe.skipIf(!hasSecretService)('a keychain that takes its time', () => {
  it('is waited for in silence, where the command says so', async () => {
    const user = new User();
    const service = await login(user, 'unlocked');
    const { api_key } = user.add('personal');
    const whileFrozen = async <T>(work: () => Promise<T>): Promise<T> => {
      service.freeze();
      setTimeout(() => service.thaw(), 1600);
      return work();
    };
    const text = `require('twvault').credentials('personal').then(({ api_key }) => console.log(api_key));`;
    expect(await whileFrozen(() => run(user, 'bot.cjs', text, { packages: ['keytar'] }))).toEqual({
      status: 0,
      stdout: `${api_key}\n`,
      stderr: '',
    });
    const { stderr } = await whileFrozen(() => user.start(['get', 'personal', 'api_key']));
    expect(stderr).toBe('twvault: waiting for the keychain (it may be showing a dialog)\n');
  });
});

describe('xClient', () => {
  it('posts for three days across 36 expiries', { timeout: 120_000 }, async () => {
    const { user, oauth2, standIn } = await loggedIn();
    let ahead = 0;
    oauth2.now = () => Date.now() + ahead;
    const text = `
      import { xClient } from 'twvault';
      const client = await xClient();
      for (let each = 0; each < 37; each += 1) {
        await client.v2.tweet('post ' + each);
        passTime(7200);
        await fetch('http://127.0.0.1:' + process.env.TICK);
      }`;
    const { createServer } = await import('node:http');
    const clock = createServer((_, response) => {
      ahead += 7_200_000;
      response.end();
    }).listen(0, '127.0.0.1');
    await once(clock, 'listening');
    const address = clock.address() as { port: number };
    user.env = { ...user.env, CLOCK_AHEAD: '0', TICK: String(address.port) };
    const result = await run(user, 'bot.mjs', text);
    clock.close();
    expect(result).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(standIn.posts).toHaveLength(37);
    expect(oauth2.refreshes).toBe(36);
  });
});

describe('a client of xClient', () => {
  it('does not print itself, nor do its parts and its errors', async () => {
    const { user, issued } = await loggedIn();
    await endsIn(user, 3600);
    const keys = user.add('keys');
    const text = `
      import { xClient } from 'twvault';
      import { inspect } from 'node:util';
      for (const name of ['personal', 'keys']) {
        const client = await xClient(name);
        const error = await client.v2.get('nowhere').catch((error) => error);
        console.log(error.code);
        for (const each of [client, client.v2, client.readWrite, error])
          console.log(inspect(each, { depth: 9 }), JSON.stringify(each));
        for (const each of [client, client.v2]) console.log(inspect(each, { showHidden: true, depth: 9 }));
      }`;
    const { status, stdout, stderr } = await run(user, 'bot.mjs', text);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.match(/^404$/gm)).toHaveLength(2);
    for (const value of [issued.access, issued.refresh, ...Object.values(keys)])
      expect(stdout).not.toContain(value);
  });
});

describe('without twitter-api-v2', () => {
  it('credentials are read, and xClient says what to install', async () => {
    const { user, client } = await loggedIn();
    const text = `
      const { credentials, xClient } = require('twvault');
      credentials('personal').then(({ client_id }) => console.log(client_id))
        .then(() => xClient('personal')).catch(({ message, hints }) => console.log([message, ...hints].join(': ')));`;
    expect(await run(user, 'bot.cjs', text, { packages: [] })).toEqual({
      status: 0,
      stdout: `${client.id}\nxClient needs the package twitter-api-v2: install it: npm install twitter-api-v2\n`,
      stderr: '',
    });
  });
});

describe('the types', () => {
  it('hold for a program that is compiled against them', () => {
    const folder = project();
    writeFileSync(
      join(folder, 'bot.ts'),
      `import { credentials, xClient, type Credentials } from 'twvault';
       const found: Credentials = await credentials('personal', { minLife: 60 });
       const key: string | undefined = found.apiKey ?? found.api_key;
       // @ts-expect-error the refresh token is not given out
       found.oauth2_refresh_token;
       // @ts-expect-error there is no such way
       await xClient('personal', { auth: 'magic' });
       const me = await (await xClient()).v2.me();
       export const name: string = me.data.username + key;`,
    );
    for (const [module, moduleResolution] of [
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ]) {
      const compilerOptions = {
        module,
        moduleResolution,
        target: 'es2022',
        strict: true,
        noEmit: true,
        types: ['node'],
        moduleDetection: 'force',
      };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['bot.ts'] }));
      writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
      const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
      const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
      expect([stdout, status]).toEqual(['', 0]);
    }
  });
});
