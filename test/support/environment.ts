import type { Result, User } from './cli.ts';

/** The environment that a command gets from an exec that has to succeed. */
export function environmentOf(
  user: User,
  args: readonly string[],
  options: Parameters<User['run']>[1] = {},
): Record<string, string> {
  return parsed(user.must(['exec', ...args, '--', process.execPath, '-p', PRINT], options));
}

const PRINT = 'JSON.stringify(process.env)';

function parsed({ stdout }: Result): Record<string, string> {
  return JSON.parse(stdout) as Record<string, string>;
}
