import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BINARY, RUNNER, TWVAULT, User } from '../support/cli.ts';
import { alphanumeric } from '../support/credentials.ts';
import { has } from '../support/tools.ts';

const canReplace = BINARY !== undefined || 'execve' in process;

function userWithProfile(): User {
  const user = new User().withFileVault();
  user.add('personal');
  return user;
}

/** Runs a shell script in which "$@" is twvault exec. */
function shell(user: User, script: string, options: { cwd?: string } = {}) {
  return spawnSync('sh', ['-c', script, 'sh', RUNNER, TWVAULT, 'exec'], {
    env: user.env as NodeJS.ProcessEnv,
    cwd: options.cwd ?? join(user.root, 'work'),
    encoding: 'utf8',
    timeout: 60_000,
  });
}

const START = [TWVAULT, 'exec', '--'];
const exitOf = (child: ReturnType<typeof spawn>): Promise<number | null> =>
  new Promise((resolve) => child.on('exit', resolve));

async function until(isSo: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 20_000; !isSo(); await pause(10)) {
    if (Date.now() > deadline) throw new Error('it did not come to be');
  }
}

const canUnshare = spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'true']).status === 0;

describe.runIf(canUnshare)('exec as the first process of a namespace', () => {
  const FIRST = ['--pid', '--fork', '--kill-child', '--mount-proc'];

  it("gives the command's exit status, also where it leaves orphans", () => {
    const user = userWithProfile();
    const script = '(sleep 0.1 &) ; sleep 0.3; exit 7';
    const { status } = spawnSync('unshare', [...FIRST, RUNNER, ...START, 'sh', '-c', script], {
      env: user.env as NodeJS.ProcessEnv,
    });
    expect(status).toBe(7);
  });

  it('passes on a signal that would not end it', async () => {
    const user = userWithProfile();
    const script = 'trap "echo got; exit 9" TERM; echo up; while :; do sleep 0.05; done';
    const child = spawn('unshare', [...FIRST, RUNNER, ...START, 'sh', '-c', script], {
      env: user.env as NodeJS.ProcessEnv,
    });
    let output = '';
    child.stdout.on('data', (bytes) => {
      output += bytes;
    });
    await until(() => output === 'up\n');
    const [first] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(' ');
    process.kill(Number(first), 'SIGTERM');
    expect(await exitOf(child)).toBe(9);
    expect(output).toBe('up\ngot\n');
  });

  it.runIf(canReplace)('is the command itself, which gets the orphans as it would without', () => {
    const user = userWithProfile();
    const script = 'echo $$; (sleep 0.05 &); sleep 0.2; grep -l "^State:.Z" /proc/[0-9]*/status; :';
    const { stdout } = spawnSync('unshare', [...FIRST, RUNNER, ...START, 'sh', '-c', script], {
      env: user.env as NodeJS.ProcessEnv,
      encoding: 'utf8',
    });
    expect(stdout).toBe('1\n');
  });
});

const hasInit = has('tini', 'orphans of a command behind an init');

/** What a command sees as zombies after a process of its own was orphaned and has ended. */
const ORPHAN =
  '(setsid sh -c "sleep 0.1" &); sleep 0.4; grep -l "^State:.Z" /proc/[0-9]*/status | wc -l; exit 7';

describe.runIf(canUnshare)('exec --mask, which stays beside the command, in a namespace', () => {
  const IN_NAMESPACE = ['--pid', '--fork', '--kill-child', '--mount-proc'];
  const run = (init: string[], inner: string[] = []) => {
    const command = [...inner, 'sh', '-c', ORPHAN];
    const { status, stdout } = spawnSync(
      'unshare',
      [...IN_NAMESPACE, ...init, RUNNER, TWVAULT, 'exec', '--mask', '--', ...command],
      { env: userWithProfile().env as NodeJS.ProcessEnv, encoding: 'utf8' },
    );
    return [status, stdout.trim()];
  };

  it('leaves an orphan as a zombie as its first process: Node waits for its own children alone', () => {
    expect(run([])).toEqual([7, '1']);
  });

  it.runIf(hasInit)('leaves none behind an init, nor with one before the command', () => {
    expect(run(['tini', '--'])).toEqual([7, '0']);
    expect(run([], ['tini', '-s', '--'])).toEqual([7, '0']);
  });
});

describe('exec in odd places', () => {
  it.each(['<&-', '>&-', '2>&-', '<&- >&-', '<&- 2>&-', '>&- 2>&-', '<&- >&- 2>&-'])(
    'gives the command /dev/null for streams that are closed: %s',
    (closed) => {
      const user = userWithProfile();
      const script = `
import os, sys
open("seen", "w").write("\\n".join(os.readlink("/proc/self/fd/%d" % n) for n in range(3)))
sys.exit(4)`;
      writeFileSync(join(user.root, 'work', 'look.py'), script);
      const { status } = shell(user, `"$@" -- python3 look.py ${closed}`);
      expect(status).toBe(4);
      const seen = readFileSync(join(user.root, 'work', 'seen'), 'utf8')
        .trim()
        .split('\n');
      const isClosed = ['<&-', / >&-|^>&-/, '2>&-'].map((mark) => closed.match(mark) !== null);
      expect(seen.map((target) => target === '/dev/null')).toEqual(isClosed);
    },
  );

  it('hands over thousands of arguments', () => {
    const user = userWithProfile();
    const words = Array.from({ length: 20_000 }, (_, index) => String(index));
    const { stdout } = user.must([
      'exec',
      '--',
      'sh',
      '-c',
      'n=$#; shift 19999; echo "$n $1"',
      'sh',
      ...words,
    ]);
    expect(stdout).toBe('20000 19999\n');
  });

  it('says so where arguments and environment are too large for the system', () => {
    const user = userWithProfile();
    writeFileSync(join(user.root, 'work', 'big.env'), `BIG=${'x'.repeat(200_000)}\n`);
    const { status, stderr } = user.run(['exec', '-f', 'big.env', '--', 'true']);
    expect([status, stderr]).toEqual([126, expect.stringMatching(/^twvault: cannot run true: .*too large/)]);
    // Too large to become it without a doubt, and still small enough to run.
    const many = Array.from({ length: 90 }, (_, index) => `V${index}=${alphanumeric(10_000)}`);
    writeFileSync(join(user.root, 'work', 'many.env'), `${many.join('\n')}\n`);
    const files = ['-f', 'many.env'];
    expect(user.run(['exec', ...files, '--', 'sh', '-c', 'exit 3']).status).toBe(3);
  });

  it('says so where the working folder is gone', () => {
    const user = userWithProfile();
    const { status, stderr } = shell(user, 'mkdir gone && cd gone && rmdir ../gone && "$@" -- true');
    // Bun looks for it before the program starts, and says so in words of its own.
    if (BINARY) expect([status, stderr]).toEqual([1, expect.stringContaining('directory was deleted')]);
    else {
      expect([status, stderr]).toEqual([
        125,
        'twvault: the working folder is gone\ntwvault: hint: change to one that is there\n',
      ]);
    }
  });

  it('leaves it to the command that its output is full or closed', () => {
    const user = userWithProfile();
    expect(shell(user, '"$@" -- sh -c "echo hi 2>/dev/null || exit 5" > /dev/full').status).toBe(5);
    expect(shell(user, '("$@" -- yes; echo $? >&2) | head -n 1').stderr).toBe('141\n');
  });

  it('does not wait for what the command leaves behind', () => {
    const user = userWithProfile();
    const { status, stdout } = shell(
      user,
      '"$@" -- sh -c "sleep 30 2>/dev/null & echo \\$!; exit 2" > out; echo $?',
    );
    expect([status, stdout]).toEqual([0, '2\n']);
    const left = Number(readFileSync(join(user.root, 'work', 'out'), 'utf8'));
    expect(existsSync(`/proc/${left}`)).toBe(true);
    process.kill(left, 'SIGKILL');
  });

  it('waits for a command that ignores SIGTERM', async () => {
    const user = userWithProfile();
    const script = 'trap "" TERM; echo up; read line; exit 8';
    const child = spawn(RUNNER, [...START, 'sh', '-c', script], {
      env: user.env as NodeJS.ProcessEnv,
    });
    child.stdout.once('data', () => {
      child.kill('SIGTERM');
      setTimeout(() => child.stdin.write('go\n'), 100);
    });
    expect(await exitOf(child)).toBe(8);
  });

  it('goes on, as the command does, where it is told to stop and no shell would continue it', async () => {
    const user = userWithProfile();
    // --mask: twvault stays beside the command on every Node.
    const args = [TWVAULT, 'exec', '--mask', '--', 'sh', '-c', 'echo up; read line; exit 6'];
    const child = spawn(RUNNER, args, { env: user.env as NodeJS.ProcessEnv, detached: true });
    onTestFinished(() => void child.kill('SIGKILL'));
    for (let round = 0; round < 2; round += 1) {
      if (round === 0) await new Promise((resolve) => child.stdout.once('data', resolve));
      child.kill('SIGTSTP');
      await pause(300);
      expect(readFileSync(`/proc/${child.pid}/status`, 'utf8')).not.toMatch(/^State:\tT/m);
    }
    child.stdin.end('go\n');
    expect(await exitOf(child)).toBe(6);
  });

  it('lets a stopped command go on', async () => {
    const user = userWithProfile();
    const script = 'echo $$; kill -STOP $$; exit 6';
    const child = spawn(RUNNER, [...START, 'sh', '-c', script], {
      env: user.env as NodeJS.ProcessEnv,
    });
    const pid = await new Promise<string>((resolve) =>
      child.stdout.once('data', (text) => resolve(`${text}`.trim())),
    );
    await until(() => /^State:\tT/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')));
    child.kill('SIGCONT');
    expect(await exitOf(child)).toBe(6);
  });
});

describe('settings that would expose the vault', () => {
  const PRINT =
    'JSON.stringify([process.env.NODE_OPTIONS, process.env.LD_PRELOAD, process.env.TWVAULT_SET_ASIDE])';

  it.each([
    [{ NODE_OPTIONS: '--heapsnapshot-signal=SIGUSR2 --no-warnings' }],
    [{ NODE_OPTIONS: '--inspect=127.0.0.1:0' }],
    [{ LD_PRELOAD: 'libc.so.6', NODE_OPTIONS: '--no-warnings' }],
    [{ NODE_OPTIONS: '"--ins\\pect=127.0.0.1:0"' }],
    [{ NODE_OPTIONS: '--heapsnapshot_signal=SIGUSR2' }],
    [{ NODE_DEBUG: 'http' }],
  ])('reach the command unchanged: %j', (env: Record<string, string>) => {
    const user = userWithProfile();
    const names = JSON.stringify(Object.keys(env));
    const print = `${names}.map((name) => name + '=' + process.env[name]).join()`;
    const { stdout } = user.must(['exec', '--', process.execPath, '-p', print], { env });
    expect(stdout).toBe(
      `${Object.entries(env)
        .map(([name, value]) => `${name}=${value}`)
        .join()}\n`,
    );
    expect(JSON.parse(user.must(['exec', '--', process.execPath, '-p', PRINT], { env }).stdout)[2]).toBe(
      null,
    );
  });

  it.skipIf(BINARY)('do not apply to twvault', () => {
    const user = userWithProfile();
    const seen = join(user.root, 'seen.cjs');
    writeFileSync(
      seen,
      `console.log([process.env.NODE_OPTIONS, process.env.LD_PRELOAD, process.env.NODE_DEBUG])`,
    );
    // A preload of the command line, which stays, sees what the process that opens the vault runs with.
    const env = { LD_PRELOAD: 'libc.so.6', NODE_OPTIONS: '--report-signal=SIGUSR2', NODE_DEBUG: 'x' };
    const { stdout } = spawnSync(process.execPath, ['--require', seen, TWVAULT, 'list'], {
      env: { ...user.env, ...env } as NodeJS.ProcessEnv,
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/report-signal[\s\S]*\[ undefined, undefined, undefined \]\n[\s\S]*personal/);
  });

  it.each([
    '{',
    'null',
    '"text"',
    '{}',
    '{"NODE_DEBUG": 1}',
    '{"NODE_DEBUG": "a\\u0000b"}',
    '{"NODE_DEBUG": "x", "PATH": "/tmp"}',
  ])('are not taken from what another program has set aside: %s', (TWVAULT_SET_ASIDE) => {
    const user = userWithProfile();
    const { status, stdout, stderr } = user.run(['exec', '--', 'echo', 'ran'], {
      env: { TWVAULT_SET_ASIDE },
    });
    expect([status, stdout, stderr]).toEqual([
      125,
      '',
      "twvault: TWVAULT_SET_ASIDE holds what twvault has not written\ntwvault: hint: it is twvault's own: unset TWVAULT_SET_ASIDE\n",
    ]);
  });

  it('pass exit statuses and signals through', async () => {
    const user = userWithProfile();
    const env = { NODE_DEBUG: 'x' };
    expect(user.run(['exec', '--', 'sh', '-c', 'exit 37'], { env }).status).toBe(37);
    expect(user.run(['get', 'personal', 'bearer_token'], { env }).status).toBe(4);
    const script = 'trap "exit 9" TERM; echo up; while :; do sleep 0.05; done';
    const child = spawn(RUNNER, [...START, 'sh', '-c', script], {
      env: { ...user.env, ...env } as NodeJS.ProcessEnv,
    });
    child.stdout.once('data', () => child.kill('SIGTERM'));
    expect(await exitOf(child)).toBe(9);
  });
});
