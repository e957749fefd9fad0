import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { RUNNER, TWVAULT, User } from '../support/cli.ts';
import { alphanumeric, type Keys } from '../support/credentials.ts';

let user: User;
let keys: Keys;
const seen = '[personal/api_key]';

/** A command that writes the keys in a certain way. */
const script = (body: string): string[] => [process.execPath, '-e', body];

describe('exec --mask', () => {
  beforeAll(() => {
    user = new User(mkdtempSync(join(tmpdir(), 'twvault-mask-'))).withFileVault();
    keys = user.add('personal');
  });

  afterAll(() => rmSync(user.root, { recursive: true, force: true }));

  it('replaces each secret in both outputs, and passes all else', () => {
    const { stdout, stderr, status } = user.run([
      ...['exec', '--mask', '--', 'sh', '-c'],
      'env | grep ^TWITTER_ | sort; echo "<$TWITTER_API_SECRET$TWITTER_API_KEY>" >&2; exit 3',
    ]);
    expect(stdout.trim().split('\n')).toEqual([
      'TWITTER_ACCESS_TOKEN=[personal/access_token]',
      'TWITTER_ACCESS_TOKEN_SECRET=[personal/access_token_secret]',
      'TWITTER_API_KEY=[personal/api_key]',
      'TWITTER_API_SECRET=[personal/api_secret]',
    ]);
    expect(stderr).toBe('<[personal/api_secret][personal/api_key]>\n');
    expect(status).toBe(3);
  });

  it('does without named pipes where there is no place for them', () => {
    for (const TMPDIR of ['/no/such/folder', '/proc', process.execPath]) {
      const { stdout, stderr, status } = user.run(
        ['exec', '--mask', '--', 'sh', '-c', 'echo "$TWITTER_API_KEY"; exit 3'],
        { env: { TMPDIR } },
      );
      expect([status, stdout, stderr]).toEqual([3, `${seen}\n`, '']);
    }
  });

  it.each([
    [[], {}, false],
    [[], { CI: 'true' }, true],
    [[], { CI: '1' }, true],
    [[], { CI: 'false' }, false],
    [[], { CI: '' }, false],
    [['--no-mask'], { CI: 'true' }, false],
    [['--mask'], {}, true],
    [['--mask', '--no-mask'], {}, false],
    [['--no-mask', '--mask'], {}, true],
  ])('%j with %j masks: %s', (options, env, isMasked) => {
    const { stdout } = user.must(['exec', ...options, '--', 'printenv', 'TWITTER_API_KEY'], { env });
    expect(stdout.trim()).toBe(isMasked ? seen : keys.api_key);
  });

  it('is asked for by the project, which cannot turn it off where CI or the option asks for it', () => {
    const cwd = join(user.root, 'work');
    const run = (mask: unknown, options: string[], env: Record<string, string>) => {
      writeFileSync(join(cwd, '.twvault.json'), JSON.stringify({ mask }));
      return user.run(['exec', ...options, '--', 'printenv', 'TWITTER_API_KEY'], { cwd, env });
    };
    try {
      expect(run(true, [], {}).stdout.trim()).toBe(seen);
      expect(run(true, ['--no-mask'], {}).stdout.trim()).toBe(keys.api_key);
      expect(run(false, [], { CI: 'true' }).stdout.trim()).toBe(seen);
      expect(run(false, [], {}).stdout.trim()).toBe(keys.api_key);
      expect(run(false, ['--mask'], {}).stdout.trim()).toBe(seen);
      const refused = run('yes', [], {});
      expect([refused.status, refused.stdout]).toEqual([125, '']);
      expect(refused.stderr).toContain('mask is neither true nor false');
    } finally {
      rmSync(join(cwd, '.twvault.json'));
    }
  });

  it('names what is too short or too common, once, and leaves it', () => {
    const user = new User().withFileVault();
    user.add('personal');
    for (const [name, value] of [
      ['MODE', 'fast'],
      ['NODE_STAGE', 'production'],
      ['FILLER', 'xyxyxyxyxyxy'],
      ['OPENAI_API_KEY', 'sk-abcdefgh'],
    ] as const)
      user.must(['set', 'personal', name], { input: `${value}\n` });
    const { stdout, stderr } = user.must([
      ...['exec', '--mask', '--', 'sh', '-c'],
      'echo $MODE $NODE_STAGE $FILLER $OPENAI_API_KEY',
    ]);
    expect(stdout).toBe('fast production xyxyxyxyxyxy [personal/OPENAI_API_KEY]\n');
    expect(stderr).toBe('twvault: warning: too short or too common to be masked: FILLER, MODE, NODE_STAGE\n');
  });

  it('masks what a parent gives, under its name, and what it keeps', () => {
    const user = new User().withFileVault();
    const app = user.add('app');
    const own = { access_token: `77-${alphanumeric(40)}`, access_token_secret: alphanumeric(45) };
    user.must(['add', 'brand', '--stdin', '--inherit', 'app'], {
      input: `ACCESS_TOKEN=${own.access_token}\nACCESS_TOKEN_SECRET=${own.access_token_secret}\n`,
    });
    const { stdout } = user.must([
      ...['exec', '-p', 'brand', '--mask', '--only', 'access_token', '--', 'echo'],
      ...[app.api_key, own.access_token, app.access_token_secret],
    ]);
    expect(stdout).toBe('[app/api_key] [brand/access_token] [app/access_token_secret]\n');
  });

  it('masks what several profiles and references give, each under the name that it has in the vault', () => {
    const user = new User().withFileVault();
    for (const name of ['personal', 'my-brand', 'referred']) {
      user.add(name);
      user.must(['set', name, 'DATABASE_URL'], { input: `postgres://bot:${alphanumeric(20)}@db/${name}\n` });
    }
    writeFileSync(
      join(user.root, 'work', '.env'),
      'PLAIN=not-of-the-vault\nKEY=twvault://referred/api_secret\nURL=twvault://referred/DATABASE_URL\n',
    );
    const { stdout } = user.must([
      ...['exec', '--mask', '-p', 'personal', '-p', 'my-brand', '--prefix', '-f', '.env'],
      ...['--env', 'OPTION=referred/access_token', '--', 'sh', '-c'],
      'env | grep -E "^(PERSONAL|MY_BRAND)_|^(PLAIN|KEY|URL|OPTION)=" | LC_ALL=C sort',
    ]);
    const fields = ['ACCESS_TOKEN', 'ACCESS_TOKEN_SECRET', 'API_KEY', 'API_SECRET'];
    const of = (name: string, prefix: string) => [
      `${prefix}_DATABASE_URL=[${name}/DATABASE_URL]`,
      ...fields.map((field) => `${prefix}_TWITTER_${field}=[${name}/${field.toLowerCase()}]`),
    ];
    expect(stdout.trim().split('\n')).toEqual([
      'KEY=[referred/api_secret]',
      ...of('my-brand', 'MY_BRAND'),
      'OPTION=[referred/access_token]',
      ...of('personal', 'PERSONAL'),
      'PLAIN=not-of-the-vault',
      'URL=[referred/DATABASE_URL]',
    ]);
  });

  it('masks the values of a file alone, where no profile is chosen', () => {
    const user = new User().withFileVault();
    const keys = user.add('brand');
    user.add('other');
    user.must(['set', 'brand', 'OPENAI_API_KEY'], { input: `sk-${alphanumeric(30)}\n` });
    writeFileSync(
      join(user.root, 'work', '.env'),
      'A=twvault://brand/api_key\nB=twvault://brand/OPENAI_API_KEY\n',
    );
    const { stdout } = user.must([
      ...['exec', '--mask', '-f', '.env', '--', 'sh', '-c', 'echo "$A $B $1"', 'sh'],
      keys.access_token_secret,
    ]);
    expect(stdout).toBe('[brand/api_key] [brand/OPENAI_API_KEY] [brand/access_token_secret]\n');
  });

  it('leaves none of a thousand secrets that are written in random pieces', () => {
    const { status, stdout } = user.run([
      ...['exec', '--mask', '--'],
      ...script(`
        const { randomInt } = require('node:crypto');
        const { writeSync } = require('node:fs');
        const { TWITTER_API_KEY: key, TWITTER_API_SECRET: secret } = process.env;
        const all = Buffer.from(Array.from({ length: 1000 }, (_, at) => at + key + secret + '\\n').join(''));
        for (let at = 0; at < all.length; ) at += writeSync(1, all, at, Math.min(randomInt(1, 150), all.length - at));
      `),
    ]);
    const expected = Array.from({ length: 1000 }, (_, at) => `${at}${seen}[personal/api_secret]\n`).join('');
    expect(status).toBe(0);
    expect(stdout).toBe(expected);
  });

  it('leaves none where the child writes byte by byte', () => {
    const { stdout } = user.run([
      ...['exec', '--mask', '--'],
      ...script(`
        const { writeSync } = require('node:fs');
        for (const byte of Buffer.from('(' + process.env.TWITTER_API_KEY + ')'.repeat(3))) writeSync(1, Buffer.of(byte));
      `),
    ]);
    expect(stdout).toBe(`(${seen})))`);
  });

  it('passes binary output byte for byte', () => {
    const path = join(user.root, 'binary');
    writeFileSync(path, spawnSync('head', ['-c', '3000000', '/dev/urandom'], { maxBuffer: 4e6 }).stdout);
    const result = spawnSync(RUNNER, [TWVAULT, 'exec', '--mask', '--', 'cat', path], {
      env: user.env as NodeJS.ProcessEnv,
      maxBuffer: 4e6,
    });
    expect(result.stdout.equals(readFileSync(path))).toBe(true);
  });

  it('gives a slow reader everything, and the child no more than it reads', async () => {
    const child = start(
      'exec',
      '--mask',
      '--',
      'sh',
      '-c',
      'seq 1 400000; echo "$TWITTER_API_KEY"; echo done >&2',
    );
    let said = '';
    child.stderr?.on('data', (text) => {
      said += text;
    });
    const chunks: Buffer[] = [];
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(said).toBe(''); // 2.7 MB do not fit into the pipes
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    expect(await exitOf(child)).toBe(0);
    const expected = spawnSync('seq', ['1', '400000'], { maxBuffer: 4e6 }).stdout;
    expect(Buffer.concat(chunks).toString()).toBe(`${expected}${seen}\n`);
    expect(said).toBe('done\n');
  });

  it('tells the child that its reader has gone, as without a mask', () => {
    const run = (option: string) =>
      spawnSync(
        'bash',
        ['-c', `"$0" "$1" exec ${option} -- yes | head -1; echo "\${PIPESTATUS[0]}"`, RUNNER, TWVAULT],
        {
          env: user.env as NodeJS.ProcessEnv,
          encoding: 'utf8',
        },
      );
    expect([run('--mask').stdout, run('--mask').stderr]).toEqual(['y\n141\n', '']);
    expect(run('--no-mask').stdout).toBe('y\n141\n');
  });

  it('keeps the other output where one has lost its reader', () => {
    const line = `"$0" "$1" exec --mask -- sh -c 'trap "" PIPE; seq 1 100000 2>/dev/null; echo still >&2; exit 6' 2>&3 | true; echo "$\{PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', `exec 3>&2; ${line}`, RUNNER, TWVAULT], {
      env: user.env as NodeJS.ProcessEnv,
      encoding: 'utf8',
    });
    expect([stdout, stderr]).toEqual(['6\n', 'still\n']);
  });

  it.each([
    ['exit 37', 37],
    ['exit 255', 255],
    ['kill -TERM $$', 143],
    ['kill -KILL $$', 137],
    ['kill -SEGV $$', 139],
    ['kill -PIPE $$', 141],
  ])('gives the exit status of %s: %d', (line, status) => {
    expect(user.run(['exec', '--mask', '--', 'sh', '-c', `echo before; ${line}`])).toMatchObject({
      status,
      stdout: 'before\n',
    });
  });

  it('ends by an interrupt where its command did: to a shell 130', () => {
    const args = ['exec', '--mask', '--', 'sh', '-c', 'echo before; kill -INT $$'];
    expect(user.run(args)).toMatchObject({ status: null, signal: 'SIGINT', stdout: 'before\n' });
    const { status } = spawnSync('sh', ['-c', '"$0" "$@"; exit $?', RUNNER, TWVAULT, ...args], {
      env: user.env as NodeJS.ProcessEnv,
    });
    expect(status).toBe(130);
  });

  it.each([
    ['no-such-command', 127],
    ['/tmp', 126],
  ])('starts nothing where %s cannot be run', (command, status) => {
    expect(user.run(['exec', '--mask', '--', command]).status).toBe(status);
  });

  it.each(['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGUSR1', 'SIGUSR2'] as const)('passes %s on', async (signal) => {
    const body = `process.on('${signal}', () => { console.log('got'); process.exit(5); });
      console.log('ready'); setInterval(() => {}, 1000)`;
    const child = start('exec', '--mask', '--', ...script(body));
    let out = '';
    child.stdout?.on('data', (text) => {
      if (out === '') child.kill(signal);
      out += text;
    });
    expect([await exitOf(child), out]).toEqual([5, 'ready\ngot\n']);
  });

  it('passes a signal on while nobody reads the output', async () => {
    const line = 'trap "echo caught >&2; exit 5" TERM; seq 1 1000000 & echo ready >&2; wait';
    const child = start('exec', '--mask', '--', 'sh', '-c', line);
    let said = '';
    child.stderr?.on('data', (text) => {
      said += text;
      if (said === 'ready\n') setTimeout(() => child.kill('SIGTERM'), 300);
      if (said.startsWith('ready\ncaught\n')) child.stdout?.resume();
    });
    expect(await exitOf(child)).toBe(5);
  });

  it('shows a prompt that does not end its line, and reads the answer', async () => {
    const child = start(
      'exec',
      '--mask',
      '--',
      'sh',
      '-c',
      'printf "Name Q"; read answer; echo "got $answer"',
    );
    let out = '';
    child.stdout?.on('data', (text) => {
      out += text;
      // Q may be the beginning of a key: every generated one begins with it.
      if (out === 'Name Q') child.stdin?.end('me\n');
    });
    expect([await exitOf(child), out]).toEqual([0, 'Name Qgot me\n']);
  });

  it('gives the child outputs that can be opened again', () => {
    const line = 'echo out > /dev/stdout; echo "$TWITTER_API_KEY" > /dev/stderr';
    expect(user.run(['exec', '--mask', '--', 'sh', '-c', line])).toMatchObject({
      status: 0,
      stdout: 'out\n',
      stderr: `${seen}\n`,
    });
  });

  it('does not wait for what the child leaves behind, and says so', () => {
    const line = 'sleep 30 & echo "$TWITTER_API_KEY $!"; exit 4';
    const { status, stdout, stderr } = user.run(['exec', '--mask', '--', 'sh', '-c', line]);
    process.kill(Number(stdout.split(' ')[1]), 'SIGKILL');
    expect(status).toBe(4);
    expect(stdout).toContain(seen);
    expect(stderr).toContain('left a process behind that still had its output open');
  });

  it('tells of output that cannot be written', () => {
    const full = openSync('/dev/full', 'w');
    try {
      const { status, stderr } = spawnSync(RUNNER, [TWVAULT, 'exec', '--mask', '--', 'echo', 'hi'], {
        env: user.env as NodeJS.ProcessEnv,
        stdio: ['ignore', full, 'pipe'],
        encoding: 'utf8',
      });
      expect([status, stderr]).toEqual([
        1,
        "twvault: warning: the command's output could not be written: ENOSPC\n",
      ]);
    } finally {
      closeSync(full);
    }
  });

  it('writes nothing but data to files that the outputs go to', () => {
    const path = join(user.root, 'log');
    const line = '"$0" "$1" exec --mask -- sh -c "echo one; echo \\$TWITTER_API_KEY >&2" >"$2" 2>>"$2.err"';
    spawnSync('sh', ['-c', line, RUNNER, TWVAULT, path], { env: user.env as NodeJS.ProcessEnv });
    expect([readFileSync(path, 'utf8'), readFileSync(`${path}.err`, 'utf8')]).toEqual(['one\n', `${seen}\n`]);
  });
});

/** In a session of its own, where no terminal has a say. */
function start(...args: string[]): ChildProcess {
  const child = spawn(RUNNER, [TWVAULT, ...args], {
    env: user.env as NodeJS.ProcessEnv,
    detached: true,
  });
  onTestFinished(() => {
    if (child.exitCode === null) process.kill(-(child.pid as number), 'SIGKILL');
  });
  return child;
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.on('close', resolve));
}
