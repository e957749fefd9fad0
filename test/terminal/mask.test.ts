import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BINARY, RUNNER, TWVAULT, User } from '../support/cli.ts';
import type { Keys } from '../support/credentials.ts';
import { has } from '../support/tools.ts';
import { KEY, Terminal } from './pty.ts';

const SEEN = '[personal/api_key]';

function userWithKeys(): { user: User; keys: Keys } {
  const user = new User().withFileVault();
  return { user, keys: user.add('personal') };
}

/** A command line of the shell that runs a Node script under a mask. */
function underMask(user: User, script: string, after = '; echo "code=$?"'): string {
  const path = join(user.root, 'child.cjs');
  writeFileSync(path, script);
  return `twvault exec --mask -- '${process.execPath}' '${path}'${after}${KEY.enter}`;
}

describe('exec --mask on a terminal', () => {
  it('gives the command a terminal for all three streams, with the size and modes of ours', async () => {
    const { user, keys } = userWithKeys();
    const script =
      'test -t 0 && test -t 1 && test -t 2 && tty && stty size && stty -g; echo "<$TWITTER_API_KEY>"; exit 7';
    const terminal = Terminal.twvault(user, 'exec', '--mask', '--', 'sh', '-c', script);
    await terminal.until('/dev/pts/');
    await terminal.until('40 100');
    await terminal.until(`<${SEEN}>`);
    expect(await terminal.ended()).toBe(7);
    expect(terminal.output).not.toContain(keys.api_key);
    const modes = (options: string[]) => {
      const shell = new Terminal(user, 'sh', [
        '-c',
        `stty erase ^H; "$0" "$1" exec ${options.join(' ')} -- stty -g`,
        process.execPath,
        TWVAULT,
      ]);
      return shell.ended().then(() => shell.output);
    };
    expect(await modes(['--mask'])).toBe(await modes([]));
  });

  it('keeps the colours and controls of its output byte for byte', async () => {
    const { user } = userWithKeys();
    const bytes = '\x1b[1;31mred\x1b[0m \x1b]0;title\x07 é ✓ \x1b[2J\x1b[10;10Hplace\x1b[?25l\x1b[?25h';
    const script = `process.stdout.write(${JSON.stringify(bytes)})`;
    const terminal = Terminal.twvault(user, 'exec', '--mask', '--', process.execPath, '-e', script);
    expect(await terminal.ended()).toBe(0);
    expect(terminal.output).toBe(bytes);
  });

  it("runs what it looked up itself, by no other PATH, and leaves the command's variables alone", async () => {
    const { user } = userWithKeys();
    const folder = join(user.root, 'work', 'hostile');
    mkdirSync(folder);
    for (const name of ['stty', 'uptime'])
      writeFileSync(join(folder, name), `#!/bin/sh\necho ran ${name} >> ${folder}/ran\n`, { mode: 0o755 });
    user.env = { ...user.env, PATH: `:${user.env.PATH}`, modes: 'of mine', mark: 'mine', status: 'too' };
    const here = new Terminal(user, 'sh', [
      '-c',
      `cd '${folder}' && exec '${RUNNER}' "$0" exec --mask -- /bin/sh -c 'echo "$modes $mark $status"'`,
      TWVAULT,
    ]);
    expect([await here.ended(), here.output]).toEqual([0, 'of mine mine too\r\n']);
    const file = join(folder, 'path.env');
    writeFileSync(file, `PATH=${folder}:/usr/bin:/bin\n`);
    const terminal = Terminal.twvault(user, 'exec', '--mask', '-p', 'personal', '-f', file, '--', 'uptime');
    expect([await terminal.ended(), terminal.output]).toEqual([0, expect.stringContaining('load average')]);
    expect(existsSync(join(folder, 'ran'))).toBe(false);
  });

  it('loses nothing of a long output', async () => {
    const { user } = userWithKeys();
    const line =
      'for n in 1 2 3 4 5; do "$0" "$1" exec --mask -- seq 1 60000; echo "code=$?"; done; sleep 20';
    const terminal = new Terminal(user, 'sh', ['-c', line, RUNNER, TWVAULT]);
    const expected = spawnSync('seq', ['1', '60000'], { encoding: 'utf8' }).stdout;
    for (let round = 0; round < 5; round += 1) {
      const shown = await terminal.until('code=0');
      expect(shown.replaceAll('\r', '').trimStart() === expected).toBe(true);
    }
  });

  it('tells the command of another size of the window', async () => {
    const { user } = userWithKeys();
    const script = `process.stdout.on('resize', () => { console.log('now ' + process.stdout.columns + 'x' + process.stdout.rows); process.exit(0); });
      setInterval(() => {}, 1000); console.log('child is ready');`;
    const terminal = Terminal.twvault(user, 'exec', '--mask', '--', process.execPath, '-e', script);
    await terminal.until('child is ready');
    terminal.resize(77, 33);
    await terminal.until('now 77x33');
    expect(await terminal.ended()).toBe(0);
  });

  it('passes SIGTERM and SIGINT to the command itself, and its exit code back', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const { user } = userWithKeys();
      const script = `process.on('${signal}', () => { console.log('got it'); process.exit(6); });
        setInterval(() => {}, 1000); console.log('child is ready');`;
      const terminal = Terminal.twvault(user, 'exec', '--mask', '--', process.execPath, '-e', script);
      await terminal.until('child is ready');
      process.kill(terminal.pid, signal);
      await terminal.until('got it');
      expect(await terminal.ended()).toBe(6);
    }
  });

  const probe = 'test -t 1 || echo pipe; echo "$TWITTER_API_KEY"';

  it('runs through pipes where a stream is no terminal', async () => {
    const { user } = userWithKeys();
    const half = new Terminal(user, 'sh', [
      ...['-c', `"$0" "$1" exec --mask -- sh -c '${probe}' 2>/dev/null`],
      ...[RUNNER, TWVAULT],
    ]);
    await half.until('pipe');
    await half.until(SEEN);
    expect(await half.ended()).toBe(0);
  });

  it.skipIf(BINARY)('runs through pipes without the package, which it says', async () => {
    const { user } = userWithKeys();
    const copy = join(user.root, 'installed');
    mkdirSync(copy);
    for (const folder of ['bin', 'dist'])
      cpSync(join(TWVAULT, '../..', folder), join(copy, folder), { recursive: true });
    const program = join(copy, 'bin', 'twvault.js');
    const without = new Terminal(user, process.execPath, [
      program,
      'exec',
      '--mask',
      '--',
      'sh',
      '-c',
      probe,
    ]);
    await without.until(
      '@lydell/node-pty is not installed: while its output is masked, the command sees no terminal',
    );
    await without.until('pipe');
    await without.until(SEEN);
    expect(await without.ended()).toBe(0);
  });
});

const hasShell = has('bash', 'tests of exec --mask in a shell');

describe.skipIf(!hasShell)('exec --mask in a shell on a terminal', () => {
  it('Ctrl-C reaches the command once, and the terminal is put back', async () => {
    const { user } = userWithKeys();
    const shell = await Terminal.shell(user);
    const modes = async () => {
      shell.type(`stty -g; echo EN''D${KEY.enter}`);
      await shell.until("EN''D");
      return shell.until('END');
    };
    const before = await modes();
    shell.type(
      underMask(
        user,
        `let count = 0;
        process.on('SIGINT', () => { count += 1; setTimeout(() => { console.log('interrupts=' + count); process.exit(7); }, 400); });
        setInterval(() => {}, 1000); console.log('child is ready');`,
      ),
    );
    await shell.until('child is ready');
    shell.type(KEY.interrupt);
    await shell.until('interrupts=1');
    await shell.until('code=7');
    expect(await modes()).toBe(before);
  });

  it('Ctrl-C ends a command that does not mind it with 130', async () => {
    const { user } = userWithKeys();
    const shell = await Terminal.shell(user);
    shell.type(underMask(user, `setInterval(() => {}, 1000); console.log('child is ready');`, ''));
    await shell.until('child is ready');
    shell.type(KEY.interrupt);
    await shell.until('$ ');
    shell.type(`echo "code=$?"${KEY.enter}`);
    await shell.until('code=130');
  });

  /** Without the function of the test's shell, which is no program that an interrupt could end. */
  const DIRECTLY = `'${RUNNER}' '${TWVAULT}'`;

  it.each(['--mask', '--no-mask'])(
    'Ctrl-C ends a loop of commands, as it does without twvault (%s)',
    async (mask) => {
      const { user } = userWithKeys();
      const shell = await Terminal.shell(user);
      shell.type(
        `for i in 1 2 3; do ${DIRECTLY} exec ${mask} -- sh -c 'echo rea""dy; sleep 20'; done${KEY.enter}`,
      );
      await shell.until('ready');
      shell.type(KEY.interrupt);
      await shell.until('$ ');
      shell.type(`echo "EN""D"${KEY.enter}`);
      await shell.until('END');
      expect(shell.output.match(/^ready/gm)).toHaveLength(1);
    },
  );

  it('leaves the terminal to the shell where a command in the background ends', async () => {
    const { user } = userWithKeys();
    const shell = await Terminal.shell(user);
    shell.type(`${DIRECTLY} exec --no-mask -- sleep 1 &${KEY.enter}`);
    await pause(500); // it starts while the shell reads a line, and ends while that runs a command
    shell.type(`sleep 2; stty -a; echo "EN""D"${KEY.enter}`);
    const seen = await shell.until('END');
    expect(seen).toMatch(/ icanon[^\0]* echo /);
  });

  it('Ctrl-Z stops both, and fg continues them', async () => {
    const { user } = userWithKeys();
    const shell = await Terminal.shell(user);
    const script = `
      process.on('SIGCONT', () => console.log('child goes on'));
      process.stdin.on('data', (data) => { console.log('child read ' + data); process.exit(3); });
      console.log('child is ready');`;
    shell.type(underMask(user, script, ''));
    await shell.until('child is ready');
    for (let round = 0; round < 2; round += 1) {
      shell.type(KEY.suspend);
      await shell.until('Stopped');
      shell.type(`fg; echo "code=$?"${KEY.enter}`);
      await shell.until('child goes on');
    }
    shell.type(`hello${KEY.enter}`);
    await shell.until('child read hello');
    await shell.until('code=3');
  });

  it('a command can read key by key, Ctrl-C and Ctrl-Z among them; Ctrl-D ends a line', async () => {
    const { user } = userWithKeys();
    const shell = await Terminal.shell(user);
    const script = `
      process.stdin.setRawMode(true);
      process.stdin.on('data', (data) => {
        console.log('key=' + data.toString('hex'));
        if (data[0] === 0x71) process.exit(5);
      });
      console.log('child is ready');`;
    shell.type(underMask(user, script));
    await shell.until('child is ready');
    for (const [key, hex] of [
      [KEY.interrupt, '03'],
      [KEY.suspend, '1a'],
      ['\xff', 'c3bf'],
      ['q', '71'],
    ] as const) {
      shell.type(key);
      await shell.until(`key=${hex}`);
    }
    await shell.until('code=5');
    shell.type(`twvault exec --mask -- cat; echo "code=$?"${KEY.enter}`);
    await pause(600);
    shell.type(`typed${KEY.enter}`);
    await shell.until('typed\r\ntyped\r\n');
    shell.type('\x04');
    await shell.until('code=0');
  });
});

interface Screen {
  readonly name: string;
  readonly needs: string;
  readonly command: string;
  /** The keys of each step; the screen is compared after each. */
  readonly steps: readonly (readonly string[])[];
  readonly lasting?: (screen: string) => string;
}

const SCREENS: readonly Screen[] = [
  {
    name: 'vim',
    needs: 'vim',
    command: `vim -u NONE -c 'syntax on' -c 'set ruler' page.js`,
    steps: [[], ['Down', 'Down', 'i', 'new text', 'Escape'], [':split', 'Enter'], ['C-d'], [':qa!', 'Enter']],
  },
  {
    name: 'less',
    needs: 'less',
    command: 'less -R page.js',
    steps: [[], ['Space'], ['/const 9', 'Enter'], ['G'], ['g'], ['q']],
  },
  {
    name: 'a coloured test runner',
    needs: 'bash',
    command: `'${process.execPath}' --test --test-reporter=spec sum.test.cjs 2>&1 | sed -u 's/[0-9.]*ms\\b//; s/duration_.*//'`,
    steps: [[]],
  },
  {
    name: 'a password prompt of ssh-keygen',
    needs: 'ssh-keygen',
    command: 'rm -f key; ssh-keygen -q -t ed25519 -f key',
    steps: [[], ['first try', 'Enter'], ['second', 'Enter'], ['C-c']],
  },
  {
    name: 'a password prompt of Python',
    needs: 'python3',
    command: `python3 -c 'import getpass; print(len(getpass.getpass("Password: ")))'`,
    steps: [[], ['hidden words'], ['Enter']],
  },
  {
    name: 'top',
    needs: 'top',
    command: 'top -d 99 -p $$',
    steps: [[], ['q']],
    // Figures of the machine change from one look to the next.
    lasting: (screen) => screen.replace(/[0-9.,: ]+/g, ''),
  },
];

const hasTmux = has('tmux', 'screens under exec --mask', ['-V']);

describe.skipIf(!hasTmux)('the screen under exec --mask is the one without', () => {
  it.each(SCREENS)(
    '$name',
    { timeout: 60_000 },
    async ({ name, needs, command, steps, lasting = String }) => {
      if (!has(needs, `the screen of ${name}`, ['--help'])) return;
      const { user } = userWithKeys();
      const line = join(user.root, 'line');
      writeFileSync(line, command);
      const cwd = join(user.root, 'work');
      const lines = Array.from({ length: 200 }, (_, at) => `const ${at} = "text" + ${at * 7}; // é ✓\n`);
      writeFileSync(join(cwd, 'page.js'), lines.join(''));
      writeFileSync(
        join(cwd, 'sum.test.cjs'),
        `const { test } = require('node:test'); test('adds', () => {}); test.skip('skips', () => {});`,
      );
      const [masked, without] = [
        await screens(user, `sh -c '. "$0"' ${line}`, '--mask', steps),
        await screens(user, `sh -c '. "$0"' ${line}`, '--no-mask', steps),
      ];
      expect(without.join('')).not.toBe('');
      expect(masked.map(lasting)).toEqual(without.map(lasting));
    },
  );
});

/** What tmux shows, with its colours, after each step, once it stays the same for a while. */
async function screens(
  user: User,
  command: string,
  option: string,
  steps: readonly (readonly string[])[],
): Promise<string[]> {
  const socket = join(user.root, `tmux${option}`);
  const env = { ...user.env, TERM: 'xterm-256color' } as NodeJS.ProcessEnv;
  const tmux = (...args: string[]) =>
    spawnSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], {
      env,
      encoding: 'utf8',
      cwd: join(user.root, 'work'),
    }).stdout;
  onTestFinished(() => void tmux('kill-server'));
  const start = `trap : INT; clear; '${RUNNER}' '${TWVAULT}' exec ${option} -- ${command}; echo "code=$?"; sleep 600`;
  tmux('new-session', '-d', '-x', '90', '-y', '24', start);
  const shown: string[] = [];
  for (const keys of steps) {
    for (const key of keys) tmux('send-keys', key);
    shown.push(
      await settled(
        () =>
          tmux('capture-pane', '-e', '-p') +
          tmux('display-message', '-p', '#{cursor_x},#{cursor_y},#{cursor_flag}'),
      ),
    );
  }
  tmux('kill-server');
  return shown;
}

async function settled(look: () => string): Promise<string> {
  let [before, same] = ['', 0];
  for (let round = 0; round < 80; round += 1) {
    await pause(150);
    const now = look();
    same = now === before && now.trim().length > 12 ? same + 1 : 0;
    if (same === 5) return now;
    before = now;
  }
  return before;
}
