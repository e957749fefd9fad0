import { execve } from '../system/leave.ts';
import type { Command } from './command.ts';
import { isLoadable } from './loadable.ts';

/**
 * Up to this many bytes of arguments and environment are safe everywhere (Linux allows a quarter of the stack limit,
 * 128 KiB for one string).
 */
const SAFE_TOTAL = 512 * 1024;
const SAFE_STRING = 120 * 1024;

/**
 * Becomes the command, where Node can and nothing will stop it: no process and no memory of twvault remain. Returns
 * where it cannot be done; then the command has to be spawned.
 *
 * A failed execve aborts Node 22 and 24 without a word, so whatever could fail is looked at first: an unknown kind of
 * file, an interpreter that is not there, an environment near the kernel's limit.
 */
export function replaceProcess(command: Command): void {
  if (!execve || !isLoadable(command.file) || !fits(command)) return;
  resetSignals();
  muteWarnings();
  execve(command.file, [command.name, ...command.args], command.env);
}

/**
 * Node ignores SIGPIPE and SIGXFSZ, and ignored signals stay ignored across execve. A handler of our own makes the
 * kernel put the default back.
 */
function resetSignals(): void {
  for (const signal of ['SIGPIPE', 'SIGXFSZ'] as const) process.on(signal, () => {});
}

/** process.execve announces that it is experimental; the child's output is not the place for that. */
function muteWarnings(): void {
  process.removeAllListeners('warning');
  process.on('warning', () => {});
}

function fits({ name, args, env }: Command): boolean {
  const strings = [name, ...args, ...Object.entries(env).map(([key, value]) => `${key}=${value}`)];
  let total = 0;
  for (const text of strings) {
    const size = Buffer.byteLength(text) + 1;
    if (size > SAFE_STRING || text.includes('\0')) return false;
    total += size + 8;
  }
  return total <= SAFE_TOTAL;
}
