import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIELDS } from '../../src/profile/fields.ts';
import { RUNNER, TWVAULT, User } from '../support/cli.ts';
import { generatedKeys, type Keys, sentinel } from '../support/credentials.ts';
import { has } from '../support/tools.ts';
import { KEY, Terminal } from './pty.ts';

const CURSOR_SHOWN = '\x1b[?25h';
const PASSPHRASE = 'four made-up words here';
const NO_BUS = 'no keychain: there is no D-Bus session here';

const hasStrace = has('strace', 'a test of what shows between two questions');

describe('add on a terminal', () => {
  it('asks for a passphrase and each field, shows none of them, and says what is where', async () => {
    const user = new User();
    const keys = generatedKeys();
    const terminal = Terminal.twvault(user, 'add', 'personal');
    await terminal.until(`${NO_BUS}; profiles go into encrypted files`);
    await terminal.answer('which passphrase shall open the vault?', KEY.down + KEY.enter);
    await terminal.answer('new passphrase', `short${KEY.enter}`);
    await terminal.until('too short: 5 of 10 characters');
    await terminal.answer('new passphrase', PASSPHRASE + KEY.enter);
    await terminal.answer('the passphrase again', `${PASSPHRASE}!${KEY.enter}`);
    await terminal.until('that was another one: start again');
    await terminal.answer('new passphrase', PASSPHRASE + KEY.enter);
    await terminal.answer('the passphrase again', PASSPHRASE + KEY.enter);
    await terminal.until(`profiles are kept in encrypted files under ${user.home}`);
    await terminal.answer('API Key (api_key)', `"${keys.api_key}"${KEY.enter}`);
    await terminal.until('took 25 characters');
    await terminal.answer('API Key Secret (api_secret)', `YOUR_API_SECRET${KEY.enter}`);
    await terminal.until('placeholder');
    await terminal.answer('API Key Secret (api_secret)', keys.api_secret + KEY.enter);
    await terminal.until('took 50 characters');
    await terminal.answer('Access Token (access_token)', keys.access_token + KEY.enter);
    await terminal.answer('Access Token Secret (access_token_secret)', keys.access_token_secret + KEY.enter);
    await terminal.answer('Bearer Token (bearer_token)', KEY.enter);
    await terminal.answer('(client_id)', KEY.enter);
    await terminal.answer('(client_secret)', KEY.enter);
    await terminal.until('api_key: took off');
    const stored = 'stored api_key, api_secret, access_token, access_token_secret as personal';
    await terminal.until(stored);
    expect(await terminal.ended()).toBe(0);
    const typed = [...Object.values(keys), PASSPHRASE, 'YOUR_API_SECRET'];
    for (const text of typed) expect(terminal.output).not.toContain(text.slice(-8));
    const { stdout } = user.must(['exec', '--', 'env'], { env: { TWVAULT_PASSPHRASE: PASSPHRASE } });
    for (const value of Object.values(keys)) expect(stdout).toContain(`=${value}\n`);
    expect(user.must(['show', 'personal']).stdout).not.toContain('bearer_token');
  });

  it('offers a passphrase of five words, which has to be typed in once', async () => {
    const user = new User();
    const terminal = Terminal.twvault(user, 'init', '--store', 'file', '--passphrase');
    await terminal.answer('which passphrase shall open the vault?', KEY.enter);
    const shown = await terminal.until('Write it down now');
    const passphrase = /^ {2}((?:[a-z-]+ ){4}[a-z-]+)\r$/m.exec(shown)?.[1] ?? '';
    expect(passphrase).not.toBe('');
    await terminal.answer('type it in', `something else${KEY.enter}`);
    await terminal.until('that was another one');
    await terminal.answer('type it in', passphrase + KEY.enter);
    expect(await terminal.ended()).toBe(0);
    user.env = { ...user.env, TWVAULT_PASSPHRASE: passphrase };
    user.add('personal');
  });

  it.skipIf(!hasStrace)('shows nothing that is typed between two questions', async () => {
    const user = new User();
    const log = join(user.root, 'calls');
    const args = ['-f', '-e', 'trace=ioctl', '-o', log, RUNNER, TWVAULT, 'init', '--passphrase'];
    const terminal = new Terminal(user, 'strace', args);
    await terminal.answer('which passphrase shall open the vault?', KEY.down + KEY.enter);
    for (const _ of [1, 2, 3]) await terminal.answer('new passphrase', `short${KEY.enter}`);
    await terminal.until('no passphrase was chosen; nothing was done');
    expect(await terminal.ended()).toBe(2);
    const changes = readFileSync(log, 'utf8').match(/TCSETS.*/g) ?? [];
    const echoes = changes.map((change) => /(?<!-)\becho\b/i.test(change));
    // Once switched off, echo comes back at the end and not before.
    expect(echoes).toContain(false);
    expect(echoes).toEqual(echoes.toSorted());
  });

  it('does not show what is typed ahead while the vault is being made', async () => {
    const user = new User();
    const ahead = sentinel();
    const terminal = Terminal.twvault(user, 'add', 'personal');
    await terminal.answer('which passphrase shall open the vault?', KEY.down + KEY.enter);
    await terminal.answer('new passphrase', PASSPHRASE + KEY.enter);
    await terminal.answer('the passphrase again', PASSPHRASE + KEY.enter);
    await terminal.answer('\n', ahead + KEY.enter);
    await terminal.until(`took ${ahead.length} characters`);
    expect(terminal.output).not.toContain(ahead.slice(0, 12));
  });

  it('takes a long value without smearing the screen', async () => {
    const user = withFileVault();
    const long = sentinel().repeat(40);
    const terminal = Terminal.twvault(user, 'add', 'personal');
    await terminal.answer('API Key (api_key)', long + KEY.enter);
    const drawn = await terminal.until(`took ${long.length} characters`);
    expect(drawn.split('\n').length).toBeLessThan(8);
    expect(terminal.output).not.toContain('S3ntinel');
  });

  it('stores nothing where every field is skipped', async () => {
    const user = withFileVault();
    const terminal = Terminal.twvault(user, 'add', 'personal');
    for (const { name } of FIELDS.filter(({ prompted }) => prompted))
      await terminal.answer(`(${name})`, KEY.enter);
    await terminal.until('no value was given; nothing was stored');
    expect(await terminal.ended()).toBe(2);
  });
});

const withFileVault = () => new User().withFileVault();

describe('the passphrase of a vault', () => {
  let root: string;
  let user: User;
  let keys: Keys;

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'twvault-locked-'));
    user = new User(root);
    const { env } = user;
    user.env = { ...env, TWVAULT_PASSPHRASE: PASSPHRASE };
    user.must(['init', '--store', 'file', '--passphrase']);
    keys = user.add('personal');
    user.env = env;
  });

  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('is asked for on the terminal: the standard input of exec goes to the child unchanged', async () => {
    const script = `seq 1 20000 | "$0" "${TWVAULT}" exec -- sh -c 'cksum; echo "$TWITTER_API_KEY"' > out; echo DONE`;
    const terminal = new Terminal(user, 'sh', ['-c', script, RUNNER]);
    await terminal.answer('passphrase of the vault', PASSPHRASE + KEY.enter);
    await terminal.until('DONE');
    const expected = spawnSync('sh', ['-c', 'seq 1 20000 | cksum'], { encoding: 'utf8' }).stdout;
    const { stdout } = spawnSync('cat', [join(user.root, 'out')], { encoding: 'utf8' });
    expect(stdout).toBe(`${expected}${keys.api_key}\n`);
    expect(terminal.output).not.toContain(PASSPHRASE);
  });

  it('is asked for, and the terminal is put back before the child has it', async () => {
    const terminal = Terminal.twvault(user, 'exec', '--', 'stty', '-a');
    await terminal.answer('passphrase of the vault', PASSPHRASE + KEY.enter);
    await terminal.until('speed');
    expect(await terminal.ended()).toBe(0);
    for (const mode of ['isig', 'icanon', 'echo', 'icrnl'])
      expect(terminal.output).toMatch(new RegExp(`\\s${mode}\\s`));
  });

  it.each([
    [125, `${PASSPHRASE}?`, ['exec', '--', 'true']],
    [3, `${PASSPHRASE}?`, ['get', 'personal', 'api_key']],
    [3, '', ['get', 'personal', 'api_key']],
  ])('ends with %i where it is wrong', async (code, passphrase, args) => {
    const terminal = Terminal.twvault(user, ...args);
    await terminal.answer('passphrase of the vault', `${passphrase}${KEY.enter}`);
    await terminal.until('twvault: wrong passphrase');
    expect(await terminal.ended()).toBe(code);
  });

  it('is refused at once where there is no terminal to ask for it', async () => {
    const env = user.env as NodeJS.ProcessEnv;
    const started = performance.now();
    // A session of its own has no terminal, wherever these tests run.
    const child = spawn(RUNNER, [TWVAULT, 'get', 'personal', 'api_key'], { env, detached: true });
    const [said] = await once(child.stderr, 'data');
    const [status] = await once(child, 'exit');
    expect(status).toBe(3);
    expect(String(said)).toContain('there is no terminal to ask for the passphrase');
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('a prompt on a terminal', () => {
  it('set asks for the value', async () => {
    const user = withFileVault();
    user.add('personal');
    const value = sentinel();
    const terminal = Terminal.twvault(user, 'set', 'personal', 'OPENAI_API_KEY');
    await terminal.answer('OPENAI_API_KEY', value + KEY.enter);
    await terminal.until(`stored OPENAI_API_KEY of personal (${value.length} characters)`);
    expect(await terminal.ended()).toBe(0);
    expect(terminal.output).not.toContain(value.slice(0, 12));
    expect(user.must(['get', 'personal', 'OPENAI_API_KEY']).stdout.trim()).toBe(value);
  });

  it('remove asks first, and no is the default', async () => {
    const user = withFileVault();
    user.add('personal');
    const hesitant = Terminal.twvault(user, 'remove', 'personal');
    await hesitant.answer('remove personal and all its values?', KEY.enter);
    await hesitant.until('nothing was removed');
    expect(await hesitant.ended()).toBe(130);
    user.must(['get', 'personal', 'api_key']);
    const decided = Terminal.twvault(user, 'remove', 'personal');
    await decided.answer('remove personal and all its values?', 'y');
    await decided.until('removed personal');
    expect(await decided.ended()).toBe(0);
    expect(user.run(['get', 'personal', 'api_key']).status).toBe(4);
  });
});

const hasShell = has('bash', 'tests of broken-off prompts') && has('pkill', 'tests of broken-off prompts');

describe.skipIf(!hasShell)('a prompt that is broken off', () => {
  const ENDS = [
    ['Ctrl-C', 130, (shell: Terminal) => shell.type(KEY.interrupt)],
    ['SIGTERM', 143, (shell: Terminal) => signalChild(shell, 'TERM')],
    ['SIGINT', 130, (shell: Terminal) => signalChild(shell, 'INT')],
  ] as const;

  it.each(ENDS)('by %s gives %i, puts the terminal back and stores nothing', async (_, code, end) => {
    const user = new User();
    const shell = await Terminal.shell(user);
    const before = await modes(shell);
    shell.type(`twvault add personal; echo "code=$?"${KEY.enter}`);
    await shell.answer('which passphrase shall open the vault?', KEY.down + KEY.enter);
    await shell.until('new passphrase');
    end(shell);
    expect(await shell.until(`code=${code}`)).toContain(CURSOR_SHOWN);
    expect(await modes(shell)).toBe(before);
    expect(existsSync(join(user.home, 'vault.json'))).toBe(false);
  });

  it('while the vault is being made puts the terminal back', async () => {
    const shell = await Terminal.shell(new User());
    const before = await modes(shell);
    shell.type(`twvault init --store file --passphrase; echo "code=$?"${KEY.enter}`);
    await shell.answer('which passphrase', KEY.down + KEY.enter);
    await shell.answer('new passphrase', PASSPHRASE + KEY.enter);
    await shell.answer('the passphrase again', PASSPHRASE + KEY.enter);
    await pause(150);
    signalChild(shell, 'TERM');
    await shell.until('code=143');
    expect(await modes(shell)).toBe(before);
  });

  async function modes(shell: Terminal): Promise<string> {
    shell.type(`stty -a | tr '\\n' ' '; echo EN''D${KEY.enter}`);
    await shell.until('speed');
    return shell.until('END');
  }

  /** To the job in the foreground of the shell: its only child. */
  function signalChild(shell: Terminal, signal: string): void {
    spawnSync('pkill', [`-${signal}`, '-P', String(shell.pid)]);
  }
});
