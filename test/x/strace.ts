import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Result, RUNNER, TWVAULT, type User } from '../support/cli.ts';

const CALLS =
  'openat,close,read,write,writev,sendto,connect,pwrite64,ftruncate,fsync,fchmod,statx,rename,unlink,utimensat,shutdown,sendmsg,recvmsg';
export interface Call {
  readonly name: string;
  readonly when: number;
  readonly text: string;
}

/** Runs `token` under strace, in a process of its own, so that the stand-in in this one can answer. */
export async function traced(user: User, fault?: string): Promise<Result & { calls: Call[] }> {
  const log = join(user.root, 'strace.log');
  const inject = fault === undefined ? [] : ['-e', `inject=${fault}`];
  const options = ['-f', '-y', '-s', '0', '-o', log, '-e', `trace=${CALLS}`, ...inject];
  const child = spawn('strace', [...options, RUNNER, TWVAULT, 'token', 'personal'], {
    env: user.env as NodeJS.ProcessEnv,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (part) => {
    stdout += part;
  });
  child.stderr.on('data', (part) => {
    stderr += part;
  });
  const [status, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.on('close', (...how) => resolve(how)),
  );
  return { status, signal, stdout, stderr, calls: callsIn(readFileSync(log, 'utf8')) };
}

function callsIn(log: string): Call[] {
  const counts = new Map<string, number>();
  return log.split('\n').flatMap((line) => {
    const [, thread, name, rest = ''] = /^(\d+) +(\w+)\((.*)/.exec(line) ?? [];
    if (thread === undefined || name === undefined) return [];
    const when = (counts.get(thread + name) ?? 0) + 1;
    counts.set(thread + name, when);
    return [{ name, when, text: `${name}(${rest}` }];
  });
}
