import { accessSync, constants } from 'node:fs';

type Execve = (file: string, args: readonly string[], env: Record<string, string>) => never;

/** process.execve where this Node has it (22.15 and later, never on Windows). */
export const execve = (process as { execve?: Execve }).execve?.bind(process);

let isStuck = false;

/**
 * Notes that a native call will never return. Node joins its worker threads at exit and would wait for it for ever,
 * so the process has to end another way.
 */
export function markStuck(): void {
  isStuck = true;
}

let underWay = 0;

/** Notes a native call until it returns: an interrupt may come before that. */
export function noteCall<T>(call: Promise<T>): Promise<T> {
  underWay += 1;
  return call.finally(() => {
    underWay -= 1;
  });
}

/** Ends the process with this exit code. The only exit of the program. */
export function leave(code: number): never {
  // Without execve, a call that is merely slow is worth waiting for: the other end would not give the exit code.
  if (isStuck || (underWay > 0 && execve)) endWithoutJoining(code);
  process.exit(code);
}

function endWithoutJoining(code: number): void {
  const shell = '/bin/sh';
  process.emit('exit', code); // locks are given back
  if (execve && isExecutable(shell)) execve(shell, ['sh', '-c', `exit ${code}`], {});
  // Older Node: nothing else ends a process whose worker thread is blocked. The message is out already.
  process.kill(process.pid, 'SIGKILL');
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
