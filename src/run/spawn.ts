import type { ChildProcess, StdioOptions } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { Failure, systemCode } from '../failure.ts';
import { noteCommand } from '../system/leave.ts';
import type { Command } from './command.ts';
import { missingInterpreter } from './loadable.ts';
import { startDirectly } from './process-handle.ts';

// child_process and os are asked for when they are used: a process that becomes its command never needs them.

/** Sent on to the child as they come. SIGUSR1 among them: by default it would open Node's inspector on twvault. */
const FORWARDED: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'];
/** The terminal sends these to the whole foreground group, the child included. */
const FROM_TERMINAL: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];
/** More than a signal takes to stop this process. */
const STOPPED_MS = 50;

/** Where a child's standard output and error go: to a descriptor, to a stream of their own, or where ours go. */
export type Outputs = readonly [number | 'pipe' | 'inherit', number | 'pipe' | 'inherit'];

/**
 * Runs the command as a child, by default with this process's standard streams, and gives its exit status: its code,
 * or 128 + n where signal n ended it.
 * @param started is called once with the child, before anything can have come from it
 * @throws Failure exit 126 or 127 where it cannot be started
 */
export async function spawnChild(
  command: Command,
  outputs: Outputs = ['inherit', 'inherit'],
  started: (child: ChildProcess) => void = () => {},
): Promise<number> {
  let running: { kill(signal: number): unknown } | undefined;
  // Before there is a child: a signal that came right after its start would end or pass by this process alone.
  relaySignals((signal) => running?.kill(numberOf(signal)));
  const direct =
    outputs.every((output) => output === 'inherit') && begin(command, () => startDirectly(command));
  if (direct) {
    running = direct;
    const { code, signal } = await direct.ended;
    return statusOf(code, signal);
  }
  const stdio = ['inherit', ...outputs] satisfies StdioOptions;
  const child =
    process.platform === 'win32'
      ? (await import('./spawn-windows.ts')).start(command, stdio)
      : begin(command, () => start(command, stdio));
  running = child;
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(startFailure(command, error)));
    child.on('exit', (code, signal) => resolve(statusOf(code ?? 0, signal)));
    started(child);
  });
}

function statusOf(code: number, signal: NodeJS.Signals | null): number {
  noteCommand(signal === 'SIGINT');
  return signal ? 128 + numberOf(signal) : code;
}

function start({ file, name, args, env }: Command, stdio: StdioOptions): ChildProcess {
  const { spawn } = process.getBuiltinModule('node:child_process');
  try {
    return spawn(file, args, { argv0: name, env, stdio });
  } catch (error) {
    // A script that does not say what runs it. Node hands such a file to a shell by itself, as execvp(3) does.
    if (systemCode(error) === 'ENOEXEC') return spawn('/bin/sh', [file, ...args], { env, stdio });
    throw error;
  }
}

/** Some errors come at once, E2BIG for one. */
function begin<T>(command: Command, start: () => T): T {
  try {
    return start();
  } catch (error) {
    throw startFailure(command, error);
  }
}

/** All that is passed on where no terminal sends the child anything. */
export const SIGNALS = [...FORWARDED, ...FROM_TERMINAL];

/**
 * Passes signals on to the child; for good, since this process ends with it. An interrupt that may come from the
 * terminal is left alone: the child has had it from there already, and a second one makes many programs quit without
 * cleaning up.
 */
function relaySignals(send: (signal: NodeJS.Signals) => void): void {
  if (process.platform === 'win32') {
    process.on('SIGINT', () => {}); // the console tells the child as well
    return;
  }
  const handlers = new Map<NodeJS.Signals, () => void>();
  for (const signal of FORWARDED) handlers.set(signal, () => send(signal));
  for (const signal of FROM_TERMINAL) handlers.set(signal, () => isInForeground() || send(signal));
  handlers.set('SIGTSTP', function stop() {
    // A stop from the terminal reaches the child by itself; one sent to twvault alone must stop both. By the signal's
    // own default, because nothing stops where no shell would continue it.
    send('SIGTSTP');
    process.off('SIGTSTP', stop);
    process.kill(process.pid, 'SIGTSTP');
    setTimeout(() => process.on('SIGTSTP', stop), STOPPED_MS).unref();
  });
  handlers.set('SIGCONT', () => send('SIGCONT'));
  for (const [signal, handler] of handlers) process.on(signal, handler);
}

/**
 * Whether the terminal sends its interrupts to this process and its child: they are its foreground group, as Linux
 * tells in proc(5), stat fields 5 (pgrp) and 8 (tpgid). Elsewhere a terminal is taken for a reason to think so.
 */
export function isInForeground(): boolean {
  try {
    const [, , group, , , foreground] = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return group === foreground;
  } catch {
    return existsSync('/dev/tty') && process.stdin.isTTY;
  }
}

function numberOf(signal: NodeJS.Signals | null): number {
  return signal ? process.getBuiltinModule('node:os').constants.signals[signal] : 0;
}

function startFailure({ file, name }: Command, error: unknown): Failure {
  const code = systemCode(error);
  const interpreter = code === 'ENOENT' ? missingInterpreter(file) : undefined;
  if (interpreter !== undefined) return withoutInterpreter(name, interpreter, error);
  if (code === 'ENOENT') return new Failure(127, `command not found: ${name}`, [], error);
  const reasons: Record<string, string> = {
    EACCES: 'permission denied',
    E2BIG: 'its arguments and environment are too large together',
    ENOEXEC: 'it is not a program of this machine',
  };
  return new Failure(126, `cannot run ${name}: ${reasons[code] ?? (code || 'unknown error')}`, [], error);
}

function withoutInterpreter(name: string, interpreter: string, error: unknown): Failure {
  const hints = interpreter.endsWith('\r')
    ? ['the file has the line ends of Windows: dos2unix takes them away']
    : [];
  const shown = interpreter.replace('\r', '\\r');
  return new Failure(
    127,
    `cannot run ${name}: its first line names ${shown}, which is not there`,
    hints,
    error,
  );
}
