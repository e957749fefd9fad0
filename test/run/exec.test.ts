import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BINARY, RUNNER, TWVAULT, User } from '../support/cli.ts';
import { alphanumeric, generatedKeys } from '../support/credentials.ts';

const canReplace = BINARY !== undefined || 'execve' in process;
const ECHO = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';

describe('exec', () => {
  it('hands over exactly the four names of the tutorial', () => {
    const user = new User().withFileVault();
    const keys = user.add('personal');
    const before = user.run(['exec', '--only', 'api_key', '--', 'env']).stdout.split('\n');
    const lines = user.must(['exec', '-p', 'personal', '--as', 'tutorial', '--', 'env']).stdout.split('\n');
    const added = lines.filter((line) => line !== '' && !before.includes(line));
    expect(new Set(added)).toEqual(
      new Set([
        `CONSUMER_KEY=${keys.api_key}`,
        `CONSUMER_SECRET=${keys.api_secret}`,
        `ACCESS_TOKEN=${keys.access_token}`,
        `ACCESS_TOKEN_SECRET=${keys.access_token_secret}`,
      ]),
    );
  });

  it("keeps twvault's own secrets and stale keys from the child", () => {
    const user = new User().withFileVault();
    user.add('personal');
    const identity = readFileSync(user.identityFile, 'utf8').split('\n').at(-2);
    const env = { TWVAULT_IDENTITY: identity, TWVAULT_PASSPHRASE: 'x', TWITTER_BEARER_TOKEN: 'stale' };
    const { stdout } = user.must(['exec', '--', 'env'], { env });
    expect(stdout).toContain('TWITTER_API_KEY=');
    expect(stdout).toContain('TWVAULT_HOME=');
    expect(stdout).not.toMatch(/TWVAULT_(IDENTITY|PASSPHRASE)|TWITTER_BEARER_TOKEN|AGE-SECRET-KEY/);
  });

  it('passes every argument on unchanged', () => {
    const user = new User().withFileVault();
    user.add('personal');
    const args = ['a b', '', '--', '-p', '--as=x', "it's", '"', '$HOME', '*', '\\', 'é\n', '--help'];
    const { stdout } = user.must(['exec', '--', process.execPath, '-e', ECHO, '--', ...args]);
    expect(JSON.parse(stdout)).toEqual(args);
  });

  it('runs a command whose path has a space, is relative, or is found along PATH', () => {
    const user = new User().withFileVault();
    user.add('personal');
    const folder = join(user.root, 'my tools');
    mkdirSync(folder);
    writeFileSync(join(folder, 'show it'), '#!/bin/sh\nprintf "%s|" "$0" "$@"\n');
    chmodSync(join(folder, 'show it'), 0o755);
    expect(user.must(['exec', '--', join(folder, 'show it'), 'x y']).stdout).toMatch(/show it\|x y\|$/);
    expect(user.must(['exec', '--', './show it'], { cwd: folder }).stdout).toMatch(/show it\|$/);
    const env = { PATH: `${folder}:${user.env.PATH}` };
    expect(user.must(['exec', '--', 'show it', ''], { env }).stdout).toMatch(/show it\|\|$/);
  });

  it('runs a script without an interpreter line as a shell does', () => {
    const user = new User().withFileVault();
    user.add('personal');
    const path = join(user.root, 'plain');
    writeFileSync(path, 'echo ran; exit 9\n');
    chmodSync(path, 0o755);
    expect(user.run(['exec', '--', path])).toMatchObject({ status: 9, stdout: 'ran\n' });
  });

  it.each([
    [
      '#!/bin/sh\r\necho ran\r\n',
      '/bin/sh\\r',
      'the file has the line ends of Windows: dos2unix takes them away',
    ],
    ['#! /no/such/interpreter -x\n', '/no/such/interpreter', undefined],
  ])('says what a script asks for that is not there: %j', (text, interpreter, hint) => {
    const user = new User().withFileVault();
    user.add('personal');
    const path = join(user.root, 'script');
    writeFileSync(path, text, { mode: 0o755 });
    for (const mask of ['--mask', '--no-mask']) {
      const { status, stderr } = user.run(['exec', mask, '--', path]);
      expect([status, stderr]).toEqual([
        127,
        `twvault: cannot run ${path}: its first line names ${interpreter}, which is not there\n` +
          (hint === undefined ? '' : `twvault: hint: ${hint}\n`),
      ]);
    }
  });

  it.each([
    [['sh', '-c', 'exit 37'], 37],
    [['sh', '-c', 'exit 255'], 255],
    [['no-such-command'], 127],
    [['/tmp'], 126],
    [['./not/there'], 127],
  ])('gives the exit status of %j: %d', (command, status) => {
    const user = new User().withFileVault();
    user.add('personal');
    expect(user.run(['exec', '--', ...command]).status).toBe(status);
  });

  it.each<[string, string[], Record<string, string>]>([
    ['a status', ['sh', '-c', 'cat; echo "$0 $1" >&2; exit 37', 'a', ''], {}],
    ['a signal', ['sh', '-c', 'kill -TERM $$'], {}],
    ['a name that is not there', ['no-such-command'], {}],
    ['a script that does not say what runs it', ['../plain', 'it'], {}],
    ['no program at all', ['../empty'], {}],
    ['a name of its own', ['sh', '-c', 'echo "$0"'], {}],
  ])('does the same with %s whichever way Node 20 starts it', (_, command, env) => {
    const user = new User().withFileVault();
    user.add('personal');
    writeFileSync(join(user.root, 'plain'), 'echo "ran $1"\n', { mode: 0o755 });
    writeFileSync(join(user.root, 'empty'), Buffer.from([0x7f, 0x45, 0x4c, 0x46]), { mode: 0o755 });
    const run = (more: Record<string, string>) =>
      user.run(['exec', '--', ...command], { input: 'typed', env: { ...env, ...more } });
    // Where Node was told to warn of what it will take away, child_process starts the command.
    expect(run({ NODE_PENDING_DEPRECATION: '1' })).toEqual(run({}));
  });

  it.each(['TERM', 'KILL', 'SEGV', 'PIPE', 'INT'])(
    'ends as a shell would report it after SIG%s',
    (signal) => {
      const user = new User().withFileVault();
      user.add('personal');
      const { SIGTERM, SIGKILL, SIGSEGV, SIGPIPE, SIGINT } = {
        SIGTERM: 15,
        SIGKILL: 9,
        SIGSEGV: 11,
        SIGPIPE: 13,
        SIGINT: 2,
      };
      const number = { TERM: SIGTERM, KILL: SIGKILL, SEGV: SIGSEGV, PIPE: SIGPIPE, INT: SIGINT }[
        signal
      ] as number;
      // Through a shell, which sees a killed process and one that exits with 128 + n alike.
      const script = `"$0" "$1" exec -- sh -c 'kill -${signal} $$'; exit $?`;
      const result = runShell(user, script);
      return result.then(({ status }) => expect(status).toBe(128 + number));
    },
  );

  it('reads standard input and writes to both outputs as the command itself would', () => {
    const user = new User().withFileVault();
    user.add('personal');
    const input = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 256));
    const script = 'process.stdin.pipe(process.stdout); process.stderr.write("said")';
    const result = user.run(['exec', '--', process.execPath, '-e', script], { input });
    expect(result.stderr).toBe('said');
    const { stdout } = user.must(['exec', '--', 'sha256sum'], { input });
    expect(stdout).toMatch(/^[0-9a-f]{64}/);
  });

  it('starts nothing and gives 125 where twvault itself fails', () => {
    const user = new User().withFileVault();
    user.add('personal');
    const marker = join(user.root, 'ran');
    const command = ['--', 'touch', marker];
    const cases: [string[], Record<string, string>?][] = [
      [['exec', ...command], { TWVAULT_IDENTITY_FILE: '' }],
      [['exec', ...command], { TWVAULT_IDENTITY_FILE: '/no/such/file' }],
      [['exec', ...command], { TWVAULT_IDENTITY_FILE: '', TWVAULT_IDENTITY: 'AGE-SECRET-KEY-1QQ' }],
      [['exec', '-p', 'nobody', ...command]],
      [['exec', ...command], { TWVAULT_PROFILE: 'nobody' }],
      [['exec', '--as', 'nothing', ...command]],
      [['exec', '--as', 'constructor', ...command]],
      [['exec', '--only', 'bearer_token', ...command]],
      [['exec', '--env', 'X', ...command]],
      [['exec', '--env', 'LD_PRELOAD=api_key', ...command]],
      [['exec', '--unknown', ...command]],
      [['exec', '-p']],
      [['exec']],
      [['exec', '--']],
    ];
    for (const [args, env] of cases) {
      const { status, stdout, stderr } = user.run(args, env ? { env } : {});
      expect([args, status, stdout]).toEqual([args, 125, '']);
      expect(stderr).toMatch(/^twvault: (?![A-Z][a-z])\S/);
      expect(stderr).not.toMatch(/ {4}at /);
    }
    expect(() => readFileSync(marker)).toThrow();
  });

  it('takes fields and extras under names of the user, and nothing else with --only', () => {
    const user = new User().withFileVault();
    const keys = user.add('personal');
    user.must(['set', 'personal', 'OPENAI_API_KEY'], { input: 'sk-extra\n' });
    const args = ['exec', '--only', 'api_key', '--env', 'MINE=api_secret', '--env=AI=OPENAI_API_KEY', 'env'];
    const { stdout } = user.must(args);
    expect(stdout).toContain(`MINE=${keys.api_secret}\n`);
    expect(stdout).toContain('AI=sk-extra\n');
    expect(stdout).toContain('TWITTER_API_KEY=');
    expect(stdout).not.toMatch(/TWITTER_API_SECRET|OPENAI_API_KEY|TWITTER_ACCESS/);
  });

  it('says so when the preset gets nothing', () => {
    const user = new User().withFileVault();
    user.add('personal');
    const { status, stderr } = user.run(['exec', '--as', 'xurl', '--', 'true']);
    expect(status).toBe(0);
    expect(stderr).toContain('has no value for any name of the preset xurl');
  });

  it('lets an inheriting profile use the app of another', () => {
    const user = new User().withFileVault();
    const app = user.add('personal');
    const own = generatedKeys('999');
    user.must(['add', 'brand', '--stdin', '--inherit', 'personal'], {
      input: `ACCESS_TOKEN=${own.access_token}\nACCESS_TOKEN_SECRET=${own.access_token_secret}\n`,
    });
    const { stdout } = user.must(['exec', '-p', 'brand', '--', 'env']);
    expect(stdout).toContain(`TWITTER_API_SECRET=${app.api_secret}`);
    expect(stdout).toContain(`TWITTER_ACCESS_TOKEN=${own.access_token}`);
  });

  it('survives a large environment and long arguments', () => {
    const user = new User().withFileVault();
    user.add('personal');
    const env = Object.fromEntries(
      Array.from({ length: 9 }, (_, index) => [`BIG${index}`, alphanumeric(100_000)]),
    );
    const { stdout } = user.must(
      ['exec', '--', 'sh', '-c', 'printf %s "$BIG8$1" | wc -c', 'sh', 'a'.repeat(100_000)],
      { env },
    );
    expect(stdout.trim()).toBe('200000');
    const { status, stderr } = user.run(['exec', '--', 'true', 'a'.repeat(130_000)]);
    expect([status, stderr]).toEqual([0, '']);
  });
});

describe.runIf(canReplace)('exec where Node can become the command', () => {
  it("has exec's own process id, and the signals at their defaults", async () => {
    const user = new User().withFileVault();
    user.add('personal');
    // Of itself: a shell blocks all signals for a moment before it waits.
    const look = ['grep', '-E', '^(Pid|SigIgn|SigBlk):', '/proc/self/status'];
    const child = spawn(RUNNER, [TWVAULT, 'exec', '--', ...look], {
      env: user.env as NodeJS.ProcessEnv,
    });
    const stdout = await textOf(child.stdout);
    expect(stdout).toBe(`Pid:\t${child.pid}\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n`);
  });

  it('says nothing of its own on standard error', () => {
    const user = new User().withFileVault();
    user.add('personal');
    expect(user.must(['exec', '--', 'sh', '-c', 'sleep 0.05']).stderr).toBe('');
  });

  it('leaves no process of its own beside a hundred children', async () => {
    const user = new User().withFileVault();
    user.add('personal');
    const children = Array.from({ length: 100 }, () =>
      spawn(RUNNER, [TWVAULT, 'exec', '--', 'sleep', '60'], { env: user.env as NodeJS.ProcessEnv }),
    );
    try {
      await expect
        .poll(() => children.filter(({ pid }) => nameOf(pid) === 'sleep').length, { timeout: 25_000 })
        .toBe(100);
    } finally {
      for (const child of children) child.kill('SIGKILL');
    }
  });
});

describe.skipIf(canReplace)('exec where Node has to stay', () => {
  it.each(['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGUSR1', 'SIGUSR2'] as const)(
    'forwards %s to the child',
    async (signal) => {
      const user = new User().withFileVault();
      user.add('personal');
      const script = `process.on('${signal}', () => { console.log('got'); process.exit(5); });
        console.log('ready'); setInterval(() => {}, 1000)`;
      // In a session of its own: with a terminal, an interrupt would be the terminal's business.
      const child = spawn(RUNNER, [TWVAULT, 'exec', '--', process.execPath, '-e', script], {
        env: user.env as NodeJS.ProcessEnv,
        detached: true,
      });
      child.stdout.once('data', () => child.kill(signal));
      const [stdout, status] = await Promise.all([textOf(child.stdout), exitOf(child)]);
      expect([stdout, status]).toEqual(['ready\ngot\n', 5]);
    },
  );
});

function runShell(user: User, script: string): Promise<{ status: number | null }> {
  const child = spawn('sh', ['-c', script, RUNNER, TWVAULT], {
    env: user.env as NodeJS.ProcessEnv,
    stdio: 'ignore',
  });
  return exitOf(child).then((status) => ({ status }));
}

function exitOf(child: ReturnType<typeof spawn>): Promise<number | null> {
  return new Promise((resolve) => child.on('exit', resolve));
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const bytes of stream) text += bytes;
  return text;
}

function nameOf(pid: number | undefined): string {
  return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
}
