import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { open } from '../../src/age/age.ts';
import { X25519Identity } from '../../src/age/x25519.ts';
import { keyFromAgent } from '../../src/agent/key.ts';
import { readConfig, type VaultConfig } from '../../src/vault/config.ts';
import { User } from '../support/cli.ts';
import { generatedKeys } from '../support/credentials.ts';
import { KEY, Terminal } from '../terminal/pty.ts';
import { isAlive, LockedUser, PASSPHRASE, processesWith, until, untilGone } from './locked.ts';

const SHOW = ['exec', '--', 'printenv', 'TWITTER_API_KEY'];

describe('unlock', () => {
  it('asks once on the terminal, and no command asks after that', async () => {
    const user = await LockedUser.make();
    expect(user.run(SHOW).status).toBe(125);
    const terminal = Terminal.twvault(user, 'unlock');
    await terminal.answer('passphrase of the vault', `${PASSPHRASE}${KEY.enter}`);
    expect(await terminal.ended()).toBe(0);
    user.noteAgents();
    expect(terminal.output).toMatch(/the vault is open: it locks at .* if nothing uses it/);
    expect(user.must(SHOW).stdout.trim()).toBe(user.keys.api_key);
    expect(user.must(['get', 'personal', 'api_secret']).stdout.trim()).toBe(user.keys.api_secret);
    user.must(['set', 'personal', 'OPENAI_API_KEY'], { input: 'made-up-extra\n' });
    user.add('second');
    user.must(['rename', 'second', 'brand']);
    user.must(['add', 'child', '--stdin', '--inherit', 'personal'], {
      input: 'ACCESS_TOKEN=123456789-abc\n',
    });
    expect(user.must(['exec', '-p', 'child', ...SHOW.slice(1)]).stdout.trim()).toBe(user.keys.api_key);
    user.must(['recipients', 'add', X25519Identity.generate().recipient().encode(), '--all']);
    // What was written with the agent's signature opens without the agent.
    user.must(['lock']);
    const env = { TWVAULT_IDENTITY: await user.identity() };
    expect(user.must(['get', 'personal', 'OPENAI_API_KEY'], { env }).stdout).toBe('made-up-extra\n');
    expect(user.must(['list', '--json'], { env }).stdout).toContain('"brand"');
    expect(user.run(['doctor'], { env }).status).toBe(0);
  });

  it('refuses a wrong passphrase, and starts nothing', async () => {
    const user = await LockedUser.make();
    const { status, stderr } = user.run(['unlock'], { env: { TWVAULT_PASSPHRASE: 'another one' } });
    expect([status, stderr]).toEqual([3, expect.stringContaining('wrong passphrase')]);
    expect(user.agents()).toEqual([]);
    expect(user.run(['unlock']).status).toBe(3);
  });

  it('renews the times of a running agent without the passphrase, its end never later', async () => {
    const user = await LockedUser.make();
    expect(user.unlock('--ttl', '5m', '--max', '1h').status).toBe(0);
    const before = statusOf(user);
    expect(minutes(before.since, before.idleUntil)).toBeCloseTo(5, 0);
    user.must(['unlock', '--ttl', '30m', '--max', '9h']);
    const after = statusOf(user);
    expect(after).toEqual({ ...before, idleUntil: after.idleUntil });
    expect(minutes(after.since, after.idleUntil)).toBeCloseTo(30, 0);
    expect(minutes(after.since, after.until)).toBeCloseTo(60, 5);
    user.must(['unlock', '--max', '20m']);
    expect(minutes(after.since, statusOf(user).until)).toBeCloseTo(20, 0);
  });

  it('takes times that mean something only', async () => {
    const user = await LockedUser.make();
    for (const options of [
      ['--ttl', '0'],
      ['--max', '0s'],
      ['--ttl', 'soon'],
    ])
      expect(user.unlock(...options).status).toBe(2);
    expect(user.agents()).toEqual([]);
  });

  it('says that no agent is needed where something else opens the vault', () => {
    const given = new User().withFileVault();
    expect(given.must(['unlock']).stderr).toContain(
      'no agent is needed: TWVAULT_IDENTITY_FILE opens the vault',
    );
    given.env = { ...given.env, TWVAULT_IDENTITY_FILE: undefined };
    expect(given.must(['unlock']).stderr).toContain('the vault has no passphrase');
    expect(new User().run(['unlock']).status).toBe(4);
  });

  it('leaves one agent however many start at once', async () => {
    const user = await LockedUser.make();
    const results = await Promise.all(Array.from({ length: 4 }, () => user.unlockBesideOthers()));
    user.noteAgents();
    expect(results.map(({ status, stderr }) => [status, stderr.includes('is open')])).toEqual(
      Array(4).fill([0, true]),
    );
    expect(user.agents()).toHaveLength(1);
    expect(readdirSync(user.agent.place.directory)).toHaveLength(2);
    expect(processesWith(user.agent.place.socket)).toEqual([user.agent.pid]);
  });

  it('serves 200 execs from eight processes at once', { timeout: 240_000 }, async () => {
    const user = await LockedUser.make();
    user.unlock();
    const outputs: string[] = [];
    const worker = async () => {
      for (let count = 0; count < 25; count += 1) {
        const { status, stdout, stderr } = await user.start(SHOW);
        outputs.push(status === 0 ? stdout.trim() : stderr);
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    expect(outputs).toEqual(Array(200).fill(user.keys.api_key));
  });

  it('goes on for a program that outlives it, once it is open again', async () => {
    const user = await LockedUser.make();
    user.unlock();
    const { vault, writer = '' } = readConfig(user.home) as VaultConfig;
    const writers = [writer];
    const key = await keyFromAgent({ env: user.env, home: user.home, vault, writers });
    const file = readFileSync(join(user.home, 'profiles/personal.age'));
    const read = async () => Buffer.from(await open(file, key?.identities ?? [])).toString();
    const text = await read();
    expect(text).toContain(user.keys.api_key);
    const both = await Promise.all([read(), read()]);
    expect(both).toEqual([text, text]);
    user.must(['lock']);
    await expect(read()).rejects.toThrow('the vault was locked meanwhile');
    user.unlock();
    expect(await read()).toBe(text);
  });

  it('ends when the identity is exchanged, and another opens the vault with the new one', async () => {
    const user = await LockedUser.make();
    user.unlock();
    const { pid } = user.agent;
    user.must(['rekey', '--yes'], { env: { TWVAULT_PASSPHRASE: PASSPHRASE } });
    expect(user.run(SHOW).status).toBe(125);
    await until(() => !isAlive(pid));
    expect(user.unlock().status).toBe(0);
    expect(user.must(SHOW).stdout.trim()).toBe(user.keys.api_key);
    user.must(['set', 'personal', 'OPENAI_API_KEY'], { input: 'made-up-extra\n' });
  });

  it('is not asked where a variable gives the identity, and keeps two vaults apart', async () => {
    const user = await LockedUser.make();
    user.unlock();
    const other = join(user.root, 'other');
    const env = { TWVAULT_HOME: other, TWVAULT_PASSPHRASE: 'of the second vault' };
    user.must(['init', '--passphrase', '--low-memory'], { env });
    user.must(['add', 'personal', '--stdin'], { env, input: `CONSUMER_KEY=${generatedKeys().api_key}\n` });
    const locked = { ...env, TWVAULT_PASSPHRASE: undefined };
    expect(user.run(SHOW, { env: locked }).status).toBe(125);
    user.must(['unlock'], { env });
    user.noteAgents();
    expect(user.must(SHOW, { env: locked }).status).toBe(0);
    expect(user.agents()).toHaveLength(2);
    const both = JSON.parse(user.must(['status', '--json']).stdout);
    expect(both.map(({ home }: { home: string }) => home)).toEqual([user.home, other]);
    expect(user.must(['lock', '--all']).stderr).toMatch(/is locked(.|\n)*is locked/);
    expect(user.agents()).toEqual([]);
    // Another identity in a variable is not passed over in favour of an agent.
    user.unlock();
    writeFileSync(user.identityFile, 'AGE-SECRET-KEY-1MADEUP\n');
    expect(user.run(SHOW, { env: { TWVAULT_IDENTITY_FILE: user.identityFile } }).status).toBe(125);
  });
});

describe('lock and status', () => {
  it('ends the agent, and says where there is none', async () => {
    const user = await LockedUser.make();
    user.unlock();
    const { pid, place } = user.agent;
    expect(user.must(['lock']).stderr).toContain('is locked');
    await untilGone(pid, place);
    expect(user.must(['lock']).stderr).toContain('no agent was running');
    expect(user.must(['lock', '--all']).stderr).toContain('no vault was unlocked');
    expect(user.run(SHOW).status).toBe(125);
    expect(new User().must(['lock']).stderr).toContain('no agent was running');
  });

  it('says what is open, and does not keep it open by asking', async () => {
    const user = await LockedUser.make();
    expect(user.must(['status']).stdout).toMatch(/identity +under a passphrase\nopen +no/);
    expect(user.run(['status', '--exit-code']).status).toBe(3);
    user.unlock();
    const before = statusOf(user);
    expect(before).toMatchObject({ home: user.home, store: 'file', openedBy: 'agent', pid: user.agent.pid });
    expect(statusOf(user)).toEqual(before);
    expect(user.must(['status', '--exit-code']).stdout).toMatch(/open +since \d\d:\d\d, by the agent/);
    const given = new User().withFileVault();
    expect(given.must(['status', '--exit-code']).stdout).toContain('by TWVAULT_IDENTITY_FILE');
    expect(new User().must(['status']).stderr).toContain('there is no vault yet');
  });

  it('needs no agent for what needs no unlocking', async () => {
    const user = await LockedUser.make();
    expect(user.must(['list']).stdout).toContain('personal');
    expect(user.agents()).toEqual([]);
  });

  it('is what doctor finds and mends when an agent was killed', async () => {
    const user = await LockedUser.make();
    user.unlock();
    const { pid, place } = user.agent;
    expect(user.must(['doctor']).stdout).toMatch(/identity: at hand/);
    process.kill(pid, 'SIGKILL');
    await until(() => !isAlive(pid));
    const { stdout } = user.run(['doctor']);
    for (const path of [place.socket, place.token]) expect(stdout).toContain(`${path} was left by an agent`);
    user.run(['doctor', '--fix'], { env: { TWVAULT_PASSPHRASE: PASSPHRASE } });
    expect(readdirSync(place.directory)).toEqual([]);
    rmSync(place.directory, { recursive: true });
    expect(user.run(['doctor']).stdout).not.toContain('agent');
  });
});

interface Status {
  readonly since: string;
  readonly idleUntil: string;
  readonly until: string;
}

function statusOf(user: User): Status {
  const [status] = JSON.parse(user.must(['status', '--json']).stdout) as [Status];
  return status;
}

const minutes = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 60_000;
