import { constants } from 'node:os';
import { Failure, systemCode } from '../failure.ts';
import type { Command } from './command.ts';

// child_process and tty are asked for when they are used: a process that becomes its command never needs them.

/** Sent on to the child as they come. SIGUSR1 among them: by default it would open Node's inspector on twvault. */
const FORWARDED: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'];
/** The terminal sends these to the whole foreground group, the child included. */
const FROM_TERMINAL: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];

/**
 * Runs the command as a child that shares this process's standard streams, and gives its exit status: its code, or
 * 128 + n where signal n ended it.
 * @throws Failure exit 126 or 127 where it cannot be started
 */
export function spawnChild({ file, name, args, env }: Command): Promise<number> {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child = spawn(file, args, { argv0: name, env, stdio: 'inherit' });
  const restore = relaySignals((signal) => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      restore();
      reject(startFailure(name, error));
    });
    child.on('exit', (code, signal) => {
      restore();
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}

/**
 * Passes signals on for as long as the child runs. On a terminal an interrupt is left alone: the child has had it
 * from the terminal already, and a second one makes many programs quit without cleaning up.
 */
function relaySignals(send: (signal: NodeJS.Signals) => void): () => void {
  if (process.platform === 'win32') return ignoreInterrupts();
  const handlers = new Map<NodeJS.Signals, () => void>();
  const { isatty } = process.getBuiltinModule('node:tty');
  const hasTerminal = [0, 1, 2].some((fd) => isatty(fd));
  for (const signal of FORWARDED) handlers.set(signal, () => send(signal));
  for (const signal of FROM_TERMINAL) handlers.set(signal, () => hasTerminal || send(signal));
  handlers.set('SIGTSTP', () => {
    // A stop from the terminal reaches the child by itself; one sent to twvault alone must stop both.
    send('SIGTSTP');
    process.kill(process.pid, 'SIGSTOP');
  });
  handlers.set('SIGCONT', () => send('SIGCONT'));
  for (const [signal, handler] of handlers) process.on(signal, handler);
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}

function ignoreInterrupts(): () => void {
  const handler = () => {};
  process.on('SIGINT', handler);
  return () => process.off('SIGINT', handler);
}

function startFailure(name: string, error: Error): Failure {
  const code = systemCode(error);
  if (code === 'ENOENT') return new Failure(127, `command not found: ${name}`, [], error);
  const reasons: Record<string, string> = {
    EACCES: 'permission denied',
    E2BIG: 'its arguments and environment are too large together',
    ENOEXEC: 'it is not a program of this machine',
  };
  return new Failure(126, `cannot run ${name}: ${reasons[code] ?? (code || 'unknown error')}`, [], error);
}
