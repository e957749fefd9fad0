import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recognisedAgent } from '../../src/cli/exec/agent.ts';
import { User } from '../support/cli.ts';
import { KEY, Terminal } from '../terminal/pty.ts';

const AGENT = { CLAUDECODE: '1' };

describe('an AI agent', () => {
  it('is recognised by what it sets, and not by what editors and people set', () => {
    expect(recognisedAgent({ CLAUDECODE: '1' })).toBe('Claude Code');
    expect(recognisedAgent({ GEMINI_CLI: '1', PATH: '/bin' })).toBe('Gemini CLI');
    expect(recognisedAgent({ AI_AGENT: 'some@2' })).toBe('an AI agent');
    expect(recognisedAgent({ AGENT: 'amp' })).toBe('amp');
    expect(recognisedAgent({ AGENT: '/tmp/ssh-agent', TERM_PROGRAM: 'vscode', CURSOR_TRACE_ID: 'x' })).toBe(
      undefined,
    );
    expect(recognisedAgent({ CLAUDECODE: '', GEMINI_CLI: '0', OPENCODE: 'false' })).toBe(undefined);
  });

  it('is listed in the documents with every variable', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/ai-agents.md'), 'utf8');
    const rows = page.split('\n').filter((line) => line.startsWith('| `'));
    const listed = rows.flatMap((row) => [...row.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name as string));
    expect(listed.length).toBeGreaterThan(10);
    for (const name of listed) expect([name, recognisedAgent({ [name]: 'goose' })]).not.toContain(undefined);
    const source = readFileSync(join(import.meta.dirname, '../../src/cli/exec/agent.ts'), 'utf8');
    for (const [, name] of source.matchAll(/^ {2}([A-Z_]+): '/gm)) expect(listed).toContain(name);
  });

  it.each([
    ['get', 'personal', 'api_key'],
    ['export', 'personal', '--format', 'json'],
    ['export', 'personal', '--format', 'dotenv', '-o', 'written'],
    ['token', 'personal'],
  ])('is refused %s', (...args) => {
    const user = new User().withFileVault();
    const keys = user.add('personal');
    const { status, stdout, stderr } = user.run(args, { env: AGENT });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^twvault: .*is not shown to Claude Code.*\ntwvault: hint: .*exec/);
    expect(stderr).not.toContain(keys.api_key);
    expect(existsSync(join(user.root, 'work', 'written'))).toBe(false);
  });

  it('may run commands, list names, and export what holds no value', () => {
    const user = new User().withFileVault();
    user.add('personal');
    expect(user.must(['exec', '--', 'echo', 'ran'], { env: AGENT }).stdout).toBe('ran\n');
    user.must(['show', 'personal'], { env: AGENT });
    user.must(['export', 'personal', '--format', 'github'], { env: AGENT });
  });

  it('gets the output of commands masked, also where the project or an option says otherwise', () => {
    const user = new User().withFileVault();
    const keys = user.add('personal');
    const print = ['--', 'printenv', 'TWITTER_API_KEY'];
    writeFileSync(join(user.root, 'work', '.twvault.json'), '{"mask": false}');
    expect(user.must(['exec', ...print]).stdout).toBe(`${keys.api_key}\n`);
    expect(user.must(['exec', ...print], { env: AGENT }).stdout).toBe('[personal/api_key]\n');
    const { status, stdout } = user.run(['exec', '--no-mask', ...print], { env: AGENT });
    expect([status, stdout]).toEqual([125, '']);
  });

  it('gets the output of a shell masked, and none without a mask', () => {
    const user = new User().withFileVault();
    const keys = user.add('personal');
    const input = 'echo "$TWITTER_API_KEY"; exit 4\n';
    const shell = (options: string[], env: object) =>
      user.run(['shell', ...options], { input, env: { SHELL: '/bin/sh', ...env } });
    expect(shell([], {})).toMatchObject({ status: 4, stdout: `${keys.api_key}\n` });
    expect(shell([], AGENT)).toMatchObject({ status: 4, stdout: '[personal/api_key]\n' });
    const refused = shell(['--no-mask'], AGENT);
    expect([refused.status, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toMatch(/^twvault: output without a mask is not shown to Claude Code/);
  });

  it('gets no value of a profile that is only referred to', () => {
    const user = new User().withFileVault();
    user.add('personal');
    const keys = user.add('brand');
    const print = ['-p', 'personal', '--env', 'KEY=brand/api_key', '--', 'printenv', 'KEY'];
    expect(user.must(['exec', ...print]).stdout).toBe(`${keys.api_key}\n`);
    expect(user.must(['exec', ...print], { env: AGENT }).stdout).toBe('[brand/api_key]\n');
  });

  it('sees a value that someone at the terminal allows', async () => {
    const user = new User().withFileVault();
    const keys = user.add('personal');
    user.env = { ...user.env, ...AGENT };
    const allowed = Terminal.twvault(user, 'get', 'personal', 'api_key');
    await allowed.answer('api_key of personal would be shown to Claude Code', 'y');
    await allowed.until(keys.api_key);
    expect(await allowed.ended()).toBe(0);
    const denied = Terminal.twvault(user, 'get', 'personal', 'api_key');
    await denied.answer('would be shown', KEY.enter);
    await denied.until('is not shown');
    expect(await denied.ended()).toBe(1);
    expect(denied.output).not.toContain(keys.api_key);
  });
});
