import { spawn } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { BINARY, RUNNER, TWVAULT } from '../support/cli.ts';
import { isAlive, LockedUser, PASSPHRASE, tcpListeners, until, untilGone } from './locked.ts';

async function unlocked(...options: string[]): Promise<LockedUser> {
  const user = await LockedUser.make();
  expect(user.unlock(...options).status).toBe(0);
  return user;
}

describe('an agent locks itself', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const)('on %s', async (signal) => {
    const { agent } = await unlocked();
    process.kill(agent.pid, signal);
    await untilGone(agent.pid, agent.place);
  });

  it.each([
    ['--ttl', '1s'],
    ['--max', '1s'],
  ])('with %s over', async (...option) => {
    const user = await LockedUser.make();
    user.unlock(...option);
    await until(() => user.agents().length === 0);
    await until(() => readdirSync(join(user.root, '.local/state/twvault')).length === 0);
    expect(user.run(['get', 'personal', 'api_key']).status).toBe(3);
  });

  it('after the machine has slept', async () => {
    const user = await LockedUser.make();
    user.unlock();
    const { place } = user.agent;
    const [file] = user.agents();
    user.must(['lock']);
    const start = {
      place,
      of: file as NonNullable<typeof file>,
      config: join(user.home, 'vault.json'),
      identities: [await user.identity()],
      times: { ttl: 3_600_000, max: 3_600_000 },
    };
    const pid = await user.startAgent(start, ['--require', join(import.meta.dirname, 'sleep.cjs')], {});
    expect(user.must(['status']).stdout).toContain(`process ${pid}`);
    process.kill(pid, 'SIGUSR2');
    await untilGone(pid, place);
  });

  it.each(['socket', 'token'] as const)('when its %s is removed', async (which) => {
    const { agent } = await unlocked();
    rmSync(agent.place[which]);
    await until(() => !isAlive(agent.pid));
  });

  it('when its token is replaced, and leaves the other', async () => {
    const { agent } = await unlocked();
    const text = readFileSync(agent.place.token);
    rmSync(agent.place.token);
    writeFileSync(agent.place.token, text, { mode: 0o600 });
    await until(() => !isAlive(agent.pid));
    expect(readFileSync(agent.place.token)).toEqual(text);
  });

  it('when its token is written anew in its place', async () => {
    const { agent } = await unlocked();
    writeFileSync(agent.place.token, readFileSync(agent.place.token));
    await until(() => !isAlive(agent.pid));
  });

  it('when its folder is moved away, replaced or opened to others', async () => {
    for (const change of [
      (path: string) => renameSync(path, `${path}.old`),
      (path: string) => {
        renameSync(path, `${path}.older`);
        mkdirSync(path, 0o700);
      },
      (path: string) => chmodSync(path, 0o755),
    ]) {
      const { agent } = await unlocked();
      change(agent.place.directory);
      await until(() => !isAlive(agent.pid));
    }
  });

  it('when vault.json is gone, names another writer, a new one or the other store, or cannot be read', async () => {
    const changes: ((text: string) => string | undefined)[] = [
      () => undefined,
      (text) => text.replace(/("writer": ")./, '$1_'),
      (text) => text.replace(/"writer": .*,/, '$&\n"successor": {"writer": "another"},'),
      (text) => text.replace('"store": "file"', '"store": "keychain"'),
      (text) => text.slice(0, -5),
    ];
    for (const change of changes) {
      const user = await unlocked();
      const { pid, place } = user.agent;
      const path = join(user.home, 'vault.json');
      const text = change(readFileSync(path, 'utf8'));
      if (text === undefined) rmSync(path);
      else writeFileSync(path, text);
      await untilGone(pid, place);
    }
  });

  it('and stays open while vault.json changes in what does not concern it', async () => {
    const user = await unlocked();
    user.must(['use', 'personal']);
    user.must(['get', 'personal', 'api_key']);
    expect(isAlive(user.agent.pid)).toBe(true);
  });
});

describe('an agent shows nothing', () => {
  it('in its arguments, its environment, its descriptors; it has no core dump and no terminal', async () => {
    const user = await LockedUser.make();
    const identity = await user.identity();
    const result = user.run(['unlock'], {
      env: {
        TWVAULT_PASSPHRASE: PASSPHRASE,
        NODE_OPTIONS: '--no-deprecation',
        MADE_UP: 'variable',
      },
    });
    expect(result.status).toBe(0);
    user.noteAgents();
    const { pid, token } = user.agent;
    const read = (name: string) => readFileSync(`/proc/${pid}/${name}`, 'utf8');
    const command = BINARY ? [BINARY, '__agent'] : [process.execPath, expect.stringMatching(/agent\.cjs$/)];
    expect(read('cmdline').split('\0').slice(0, -1)).toEqual(command);
    // A shell may leave these.
    expect(
      read('environ')
        .split('\0')
        .filter((line) => !/^(PWD|OLDPWD|SHLVL|_)=|^$/.test(line)),
    ).toEqual([]);
    for (const secret of [identity, token.toString('base64'), PASSPHRASE])
      expect(read('environ') + read('cmdline')).not.toContain(secret);
    expect(read('limits')).toMatch(/Max core file size +0 +0 /);
    expect(readlinkSync(`/proc/${pid}/cwd`)).toBe('/');
    const links = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
    expect(
      links.filter((link) => !/^(\/dev\/null|socket:|pipe:|anon_inode:|\/dev\/urandom)/.test(link)),
    ).toEqual([]);
    // Its own session: no terminal's signals reach it.
    const [session, terminal] = read('stat')
      .replace(/^.*\) /, '')
      .split(' ')
      .slice(3, 5);
    expect([Number(session), terminal]).toEqual([pid, '0']);
  });

  it('keeps nothing open that was open when it was started', async () => {
    const user = await LockedUser.make();
    const env = { ...user.env, TWVAULT_PASSPHRASE: PASSPHRASE } as NodeJS.ProcessEnv;
    const others = Array(6).fill('pipe') as 'pipe'[];
    const child = spawn(RUNNER, [TWVAULT, 'unlock'], {
      env,
      stdio: ['ignore', 'pipe', 'pipe', ...others],
    });
    let isClosed = false;
    child.on('close', () => {
      isClosed = true;
    });
    for (const pipe of child.stdio.slice(1)) (pipe as Readable).resume();
    await until(() => isClosed);
    user.noteAgents();
    expect(isAlive(user.agent.pid)).toBe(true);
  });

  it('has files that only its user can use, whatever the umask', async () => {
    const user = await LockedUser.make();
    const umask = process.umask(0);
    user.unlock();
    process.umask(umask);
    const { directory, socket, token } = user.agent.place;
    expect([directory, socket, token].map((path) => statSync(path).mode & 0o077)).toEqual([0, 0, 0]);
  });

  it('opens no inspector on SIGUSR1', async () => {
    const user = await unlocked();
    const { pid } = user.agent;
    process.kill(pid, 'SIGUSR1');
    for (let count = 0; count < 3; count += 1) user.must(['status', '--exit-code']);
    expect(tcpListeners(pid)).toEqual([]);
    expect(user.must(['status']).stdout).toContain(`process ${pid}`);
  });
});
