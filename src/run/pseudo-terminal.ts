import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import type { TerminalProcess, Terminals } from '../installation/ports.ts';
import { Masker } from '../mask/masker.ts';
import { noteCommand } from '../system/leave.ts';
import { programNamed } from '../system/program.ts';
import type { Command } from './command.ts';
import type { Masked } from './masked.ts';
import { Outlet } from './outlet.ts';
import { Relay } from './relay.ts';
import { SIGNALS } from './spawn.ts';

/**
 * The first process on the new terminal: a shell that gives it the modes of ours and runs the command as its job, since
 * a command that no shell looks after cannot be stopped from its terminal. When the job is stopped, so is twvault; when
 * twvault goes on, so does the job. The first line on the terminal is the command's process id, the last word a mark
 * of our own: what a terminal still holds when its first process ends may be lost, so this one waits until the mark
 * has been read. What it needs stays in its parameters (stty, the modes, the mark, the command): a variable would stand
 * in for one of the command's.
 */
const JOB = `
[ -z "$1" ] || "$1" "$2" 2>/dev/null
trap : INT QUIT
set -m
/bin/sh -c 'echo $$; shift 3; exec "$@"' sh "$@"
status=$?
while jobs %% >/dev/null 2>&1; do
  kill -TSTP "$PPID"
  kill -STOP $$
  fg >/dev/null 2>&1
  status=$?
done
printf %s "$3"
kill -STOP $$
exit $status`;

const INTERRUPTED = 130;
const AGAIN_MS = 20;
const STOPPED_MS = 50;

/** Runs the command on a terminal of its own, whose output goes to ours through a mask. Gives its exit status. */
export async function runOnTerminal(
  terminals: Terminals,
  command: Command,
  { replacements }: Masked,
): Promise<number> {
  const outer = new OuterTerminal();
  const mark = `\x1b_${randomBytes(16).toString('hex')}\x1b\\`; // no terminal would show it
  const child = start(terminals, command, outer.modes, mark);
  replacements.add([{ bytes: Buffer.from(mark), mark: '' }]);
  const source = { pause: () => child.pause(), resume: () => child.resume(), destroy: () => child.kill() };
  const relay = new Relay(new Masker(replacements), new Outlet(1), source);
  const ended = new Promise<number>((resolve) => {
    child.onExit(({ exitCode, signal }) => resolve(signal ? 128 + signal : exitCode));
  });
  listen(child, mark, relay, (pid) => {
    passSignals(pid, child, outer);
    process.stdin.on('data', (keys: Buffer) => child.write(keys));
  });
  outer.enter();
  process.stdout.on('resize', () => resize(child));
  const status = await ended;
  relay.finish();
  await relay.settle();
  process.stdin.pause();
  outer.leave();
  noteCommand(status === INTERRUPTED); // the shell says it so
  return status;
}

function start(
  terminals: Terminals,
  { file, name, args, env }: Command,
  modes: string,
  mark: string,
): TerminalProcess {
  const [cols, rows] = process.stdout.getWindowSize();
  const options = {
    cols,
    rows,
    env,
    encoding: null, // keys and mouse reports need not be text either
    cwd: workingFolder(env.PWD),
    ...(env.TERM === undefined ? {} : { name: env.TERM }),
  };
  if (process.platform === 'win32') return terminals.spawn(file, [...args], options);
  // The shell would look for a mere name in the command's own PATH.
  const job = [
    programNamed('stty', process.env) ?? '',
    modes,
    mark,
    name.includes('/') ? name : file,
    ...args,
  ];
  return terminals.spawn('/bin/sh', ['-c', JOB, 'sh', ...job], options);
}

/** The package sets PWD: it stays what it was, links and all, where it is right. */
function workingFolder(pwd: string | undefined): string {
  const here = process.cwd();
  if (pwd === undefined) return here;
  const [a, b] = [statSync(pwd, { throwIfNoEntry: false }), statSync(here)];
  return a?.ino === b.ino && a.dev === b.dev ? pwd : here;
}

function resize(child: TerminalProcess): void {
  const [cols, rows] = process.stdout.getWindowSize();
  if (cols > 0 && rows > 0) child.resize(cols, rows);
}

/** Reads what the job says of itself, and gives the rest to the relay. */
function listen(child: TerminalProcess, mark: string, relay: Relay, started: (pid: number) => void): void {
  const isJob = process.platform !== 'win32';
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  let isStarted = !isJob;
  if (!isJob) started(child.pid);
  child.onData((data) => {
    let chunk = data;
    if (!isStarted) {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\n');
      if (end < 0) return;
      isStarted = true;
      started(Number.parseInt(head.toString('latin1', 0, end), 10));
      chunk = head.subarray(end + 1);
    }
    relay.take(chunk);
    const seen = Buffer.concat([tail, chunk]);
    tail = seen.subarray(-mark.length + 1);
    if (isJob && seen.includes(mark)) letEnd(child);
  });
}

/** Until it has ended: it may be told before it has stopped. */
function letEnd(child: TerminalProcess): void {
  const again = setInterval(() => send(child.pid, 'SIGCONT'), AGAIN_MS);
  child.onExit(() => clearInterval(again));
}

/** Our terminal, which sends every key as it is while the command has one of its own. */
class OuterTerminal {
  /** As `stty -g` writes them. */
  readonly modes = stty('-g');

  enter(): void {
    // Node's raw mode still changes line ends in the output, which moves the cursor of full-screen programs.
    if (process.platform === 'win32') process.stdin.setRawMode(true);
    else stty('raw', '-echo');
  }

  leave(): void {
    if (process.platform === 'win32') process.stdin.setRawMode(false);
    else stty(this.modes);
  }
}

function stty(...args: string[]): string {
  const program = programNamed('stty', process.env);
  if (program === undefined) return '';
  const { stdout } = spawnSync(program, args, { stdio: ['inherit', 'pipe', 'ignore'], encoding: 'utf8' });
  return stdout?.trim() ?? '';
}

/** A signal for twvault goes to the command; a stop stops both, a continuation continues both. */
function passSignals(pid: number, child: TerminalProcess, outer: OuterTerminal): void {
  for (const signal of SIGNALS) process.on(signal, () => send(pid, signal));
  if (process.platform === 'win32') return;
  let isStopped = false;
  const stop = () => {
    isStopped = true;
    outer.leave();
    process.off('SIGTSTP', stop);
    process.kill(0, 'SIGTSTP'); // the whole job, as the terminal would; nothing happens where no shell would continue it
    setTimeout(goOn, STOPPED_MS);
  };
  const goOn = () => {
    if (!isStopped) return;
    isStopped = false;
    process.on('SIGTSTP', stop);
    outer.enter();
    resize(child);
    send(child.pid, 'SIGCONT');
  };
  process.on('SIGTSTP', stop);
  process.on('SIGCONT', goOn);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}
