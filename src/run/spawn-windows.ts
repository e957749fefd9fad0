import type { ChildProcess, StdioOptions } from 'node:child_process';
import spawn from 'cross-spawn';
import type { Command } from './command.ts';

/** Windows finds programs by PATHEXT, and .cmd files need a shell and its quoting: cross-spawn knows both. */
export function start({ file, args, env }: Command, stdio: StdioOptions): ChildProcess {
  return spawn(file, [...args], { env, stdio });
}
