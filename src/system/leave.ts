import { accessSync, closeSync, constants } from 'node:fs';

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

let command: { readonly isInterrupted: boolean } | undefined;

/** Notes that a command has run as a child of this process, and whether an interrupt ended it. */
export function noteCommand(isInterrupted: boolean): void {
  command = { isInterrupted };
}

/** Ends the process with this exit code. The only exit of the program. */
export function leave(code: number): never {
  if (command) leaveTerminal();
  if (command?.isInterrupted) endByInterrupt(code);
  // Without execve, a call that is merely slow is worth waiting for: the other end would not give the exit code.
  if (isStuck || (underWay > 0 && execve)) endWithoutJoining(code);
  process.exit(code);
}

/**
 * At its end Node gives a terminal the modes back that it had at the start, while a shell may be reading a line by now.
 * It leaves descriptors alone that are closed.
 */
function leaveTerminal(): void {
  for (const fd of [0, 1, 2]) {
    try {
      closeSync(fd);
    } catch {
      // It was closed before.
    }
  }
}

/** As the command ended: a shell ends its loop only where what it waits for was ended by the interrupt itself. */
function endByInterrupt(code: number): void {
  process.emit('exit', code);
  process.removeAllListeners('SIGINT');
  process.kill(process.pid, 'SIGINT');
  // The first process of a container is still here.
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
