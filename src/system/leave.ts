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

/** Ends the process with this exit code. The only exit of the program. */
export function leave(code: number): never {
  if (isStuck) endWithoutJoining(code);
  process.exit(code);
}

function endWithoutJoining(code: number): void {
  const shell = '/bin/sh';
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
