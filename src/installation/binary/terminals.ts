import { constants } from 'node:os';
import type * as npm from '../npm/terminals.ts';
import type { TerminalProcess, Terminals } from '../ports.ts';

/**
 * Bun gives a program a terminal, but not as its controlling one. The first process of a session gets that by opening
 * it, on Linux at least.
 */
const TAKE_CONTROL = 'exec "$@" <>"$(tty)" >&0 2>&0';

/**
 * Starts a program on a new terminal. Bun cannot be told to wait: what comes faster than it is written is kept in
 * memory.
 */
const spawn: Terminals['spawn'] = (file, args, { cols, rows, env, cwd }): TerminalProcess => {
  let take = (_bytes: Buffer): void => {};
  const data = (_: unknown, bytes: Uint8Array) => take(Buffer.from(bytes)); // Bun uses its buffer again
  const terminal = new Bun.Terminal({ cols, rows, data });
  const command = ['/bin/sh', '-c', TAKE_CONTROL, 'sh', file, ...args];
  const child = Bun.spawn(command, { terminal, detached: true, cwd, env });
  return {
    pid: child.pid,
    onData: (listener) => {
      take = listener;
    },
    onExit: (listener) => child.exited.then(() => listener(endOf(child))),
    write: (keys) => terminal.write(keys),
    resize: (columns, lines) => terminal.resize(columns, lines),
    pause: () => {},
    resume: () => {},
    kill: () => child.kill('SIGHUP'),
  };
};

export const loadTerminals: typeof npm.loadTerminals = async () => ({ spawn });

function endOf({ exitCode, signalCode }: { exitCode: number | null; signalCode: NodeJS.Signals | null }) {
  return { exitCode: exitCode ?? 0, ...(signalCode ? { signal: constants.signals[signalCode] } : {}) };
}
