import type { Command } from './command.ts';

// node:child_process brings sockets, datagrams and streams along, a twentieth of the time of an exec on Node 20, where
// every exec starts a child. What it does in the end is this: it spawns by a handle of Node's, which Node 20 gives out
// (process.binding). No other version is asked for it: later ones become the command, and Node 20 will not change any
// more.

interface Handle {
  onexit: (code: number, signal: NodeJS.Signals | '') => void;
  /** Gives 0, or an error of libuv's. */
  spawn(options: {
    file: string;
    args: readonly string[];
    envPairs: readonly string[];
    stdio: readonly { type: 'fd'; fd: number }[];
  }): number;
  kill(signal: number): number;
}

/** A child that has this process's standard streams. */
export interface DirectChild {
  /** Does nothing once it has ended. */
  kill(signal: number): void;
  /** Its code, or the signal that ended it. */
  readonly ended: Promise<{ code: number; signal: NodeJS.Signals | null }>;
}

/**
 * Starts a command as child_process.spawn would, where Node's handle can be had without a warning; else undefined.
 * @throws what spawn throws or emits: an error with the system's code
 */
export function startDirectly({ file, name, args, env }: Command): DirectChild | undefined {
  const handle = newHandle();
  if (!handle) return undefined;
  const ended = new Promise<{ code: number; signal: NodeJS.Signals | null }>((resolve) => {
    handle.onexit = (code, signal) => resolve({ code, signal: signal || null });
  });
  const envPairs = Object.entries(env).map(([key, value]) => `${key}=${value}`);
  const stdio = [0, 1, 2].map((fd) => ({ type: 'fd', fd }) as const);
  const error = handle.spawn({ file, args: [name, ...args], envPairs, stdio });
  if (error !== 0) {
    const code = process.getBuiltinModule('node:util').getSystemErrorName(error);
    throw Object.assign(new Error(`spawn ${code}`), { code });
  }
  return { kill: (signal) => handle.kill(signal), ended };
}

function newHandle(): Handle | undefined {
  const { binding } = process as { binding?: (name: string) => { Process?: new () => Handle } };
  if (!binding || !/^20\./.test(process.versions.node) || process.platform === 'win32' || isWarned()) return;
  const { Process } = binding.call(process, 'process_wrap');
  return Process && new Process();
}

/** Whether Node was told to warn of what it will take away one day. */
function isWarned(): boolean {
  const options = [...process.execArgv, process.env.NODE_OPTIONS];
  return (
    Boolean(process.env.NODE_PENDING_DEPRECATION) || options.some((text) => text?.includes('-deprecation'))
  );
}
