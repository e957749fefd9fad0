import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Result, RUNNER, TWVAULT, type User } from '../support/cli.ts';
import { has } from '../support/tools.ts';

/** The calls that change files, and those that open and close them. */
const CALLS =
  'openat,close,write,pwrite64,fsync,fdatasync,fchmod,chmod,rename,renameat2,unlink,mkdir,rmdir,utimensat';

/** One call of a traced run. */
export interface Call {
  readonly name: string;
  /** Which call of this name it was in its thread, from 1: strace counts so too. */
  readonly when: number;
  /** The call as strace shows it. */
  readonly text: string;
}

export interface Traced extends Result {
  readonly calls: readonly Call[];
}

/** Whether calls can be traced and tampered with here. Says so where they cannot; in CI that is an error. */
export function canTrace(): boolean {
  const what = 'kills and errors at every system call';
  if (!has('strace', what)) return false;
  const { status, stderr } = spawnSync('strace', ['-f', '-e', 'trace=none', 'true'], { encoding: 'utf8' });
  if (status === 0) return true;
  if (process.env.CI) throw new Error(`strace does not work here: ${stderr}`);
  console.log(`skipped: ${what} (ptrace is not permitted)`);
  return false;
}

/** Runs the command under strace, with a fault (`fsync:error=EIO:when=1`) where one is given. */
export function traced(user: User, args: readonly string[], input = '', fault?: string): Traced {
  const log = join(user.root, 'strace.log');
  const inject = fault === undefined ? [] : ['-e', `inject=${fault}`];
  // Quicker by half, but strace 6.1 then loses the signals that it should inject in the main thread.
  const filter = fault?.includes('signal=') ? [] : ['--seccomp-bpf'];
  const options = ['-f', '-y', ...filter, '-s', '0', '-o', log, '-e', `trace=${CALLS}`, ...inject];
  const { status, signal, stdout, stderr } = spawnSync('strace', [...options, RUNNER, TWVAULT, ...args], {
    input,
    env: user.env as NodeJS.ProcessEnv,
    cwd: join(user.root, 'work'),
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, signal, stdout, stderr, calls: callsIn(readFileSync(log, 'utf8')) };
}

/** Runs the command and kills it at a call of this name, the nth of a thread. False where it ended before. */
export function killedAt(user: User, args: readonly string[], call: string, when: number): boolean {
  const options = ['-f', '-qq', '-o', '/dev/null', '-e', `trace=${call}`];
  const { signal } = spawnSync(
    'strace',
    [...options, '-e', `inject=${call}:signal=KILL:when=${when}`, RUNNER, TWVAULT, ...args],
    { env: user.env as NodeJS.ProcessEnv, cwd: join(user.root, 'work'), timeout: 60_000 },
  );
  return signal === 'SIGKILL';
}

function callsIn(log: string): Call[] {
  const counts = new Map<string, number>();
  const calls: Call[] = [];
  for (const line of log.split('\n')) {
    const [, thread, name, rest = ''] = /^(\d+) +(\w+)\((.*)/.exec(line) ?? [];
    if (thread === undefined || name === undefined) continue;
    const when = (counts.get(thread + name) ?? 0) + 1;
    counts.set(thread + name, when);
    calls.push({ name, when, text: `${name}(${rest}` });
  }
  return calls;
}

/** Whether a call is the one that got the fault. */
export const isInjected = ({ text }: Call): boolean => text.includes('(INJECTED)');

/** The calls of a run that touch the vault. */
export function callsAt(user: User, { calls }: Traced): Call[] {
  return calls.filter(({ text }) => text.includes(user.home));
}

/** A call without what differs from run to run: `rename profiles/personal.age.tmp`. */
export function site(user: User, { name, text }: Call): string {
  const path = new RegExp(`${user.home}([^">,]*)`).exec(text)?.[1] ?? '(elsewhere)';
  return `${name} ${path.replace(/\.[0-9a-f]{16}\.tmp/, '.tmp').replace(/^\//, '') || '(home)'}`;
}
