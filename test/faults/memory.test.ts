import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { RUNNER, TWVAULT, User } from '../support/cli.ts';
import { canTrace } from './strace.ts';

/**
 * What a core dump of a command would hold: everything in its memory that can be read, at the moment when it writes its
 * answer. Until then it has done whatever it does.
 */
async function memoryAtAnswer(user: User, args: readonly string[]): Promise<Buffer> {
  const answer = join(user.root, 'answer');
  const out = openSync(answer, 'w');
  const options = ['-f', '-o', '/dev/null', '-P', answer, '-e', 'inject=write:signal=STOP:when=1'];
  const strace = spawn('strace', [...options, RUNNER, TWVAULT, ...args], {
    env: user.env as NodeJS.ProcessEnv,
    cwd: join(user.root, 'work'),
    stdio: ['ignore', out, 'ignore'],
    detached: true,
  });
  closeSync(out);
  try {
    const pid = await stopped(strace.pid as number);
    return Buffer.concat([...mapped(pid)]);
  } finally {
    process.kill(-(strace.pid as number), 'SIGKILL');
  }
}

/** Waits for the child of a strace to be stopped. */
async function stopped(strace: number): Promise<number> {
  for (let tries = 0; tries < 600; tries += 1) {
    const [child] = readFileSync(`/proc/${strace}/task/${strace}/children`, 'utf8').split(' ');
    if (child && isStopped(child) && (await isStill(child))) return Number(child);
    await pause(20);
  }
  throw new Error('the command never wrote its answer');
}

/** strace stops its child for a moment at each call as well. */
async function isStill(pid: string): Promise<boolean> {
  const seen = () => readFileSync(`/proc/${pid}/syscall`, 'utf8');
  const before = seen();
  await pause(100);
  return before === seen() && isStopped(pid);
}

const isStopped = (pid: string): boolean =>
  /^State:\s+[tT]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

/** What a core has: memory of the process's own, not the files that are mapped into it. */
function* mapped(pid: number): Generator<Buffer> {
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
    const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) r/.exec(line) ?? [];
    if (from === undefined || to === undefined || /\[v(var|dso|syscall)/.test(line)) continue;
    const [start, size] = [Number.parseInt(from, 16), Number.parseInt(to, 16) - Number.parseInt(from, 16)];
    const bytes = Buffer.alloc(size);
    try {
      yield bytes.subarray(0, readSync(memory, bytes, 0, size, start));
    } catch {
      // not backed by anything
    }
  }
  closeSync(memory);
}

describe.skipIf(!canTrace())('the memory of a command', () => {
  const user = (): [User, string[]] => {
    const owner = new User().withFileVault();
    const keys = owner.add('personal');
    return [owner, [keys.api_key, keys.api_secret, keys.access_token, keys.access_token_secret]];
  };
  const found = (memory: Buffer, values: readonly string[]): string[] =>
    values.filter((value) => memory.includes(value) || memory.includes(Buffer.from(value, 'utf16le')));

  it('shows a value where it holds one', async () => {
    const [owner, [apiKey = '']] = user();
    const memory = await memoryAtAnswer(owner, ['get', 'personal', 'api_key']);
    expect(found(memory, [apiKey])).toEqual([apiKey]);
  });

  // `doctor` opens every record to see whether it opens; these need none.
  it.each([['list'], ['show', 'personal'], ['list', '--json'], ['scan', '--json', '.']])(
    'of %s %s has no value in it, though the identity is at hand',
    async (...args) => {
      const [owner, values] = user();
      const memory = await memoryAtAnswer(owner, args);
      expect(memory.length).toBeGreaterThan(10_000_000);
      expect(found(memory, values)).toEqual([]);
    },
  );
});
