import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { helperCommand } from '#installation/process';
import { failed } from '../failure.ts';
import { removePrivate } from '../system/files.ts';
import { checkSocketPath, filesIn } from './place.ts';
import { READY, type Start } from './start-message.ts';

const SHELL = '/bin/sh';
/** A start of Node on a busy machine. */
const PATIENCE_MS = 15_000;
/** Without it Windows starts few programs. */
const NEEDED = ['SystemRoot'] as const;

/**
 * Starts an agent and waits until it can be reached. What another left in its place is removed.
 * @throws Failure where it cannot be started
 */
export async function startAgent(start: Start): Promise<void> {
  checkSocketPath(start.place);
  for (const path of filesIn(start.place)) removePrivate(path);
  const child = launch();
  const said = await answerOf(child, Buffer.from(JSON.stringify(start)));
  child.unref();
  if (said !== READY) throw failed(`the agent did not start: ${said || 'it said nothing'}`);
}

/** In a session of its own, in no folder, with no environment, and where a shell can see to it without core dumps. */
function launch(): ChildProcess {
  const program = helperCommand('agent');
  const [file, ...args] = existsSync(SHELL)
    ? [SHELL, '-c', 'ulimit -c 0; exec "$@"', 'sh', ...program]
    : program;
  const env = Object.fromEntries(
    NEEDED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  );
  return spawn(file, args, {
    cwd: '/',
    detached: true,
    windowsHide: true,
    env,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
}

function answerOf(child: ChildProcess, start: Buffer): Promise<string> {
  const pipe = child.stdio[3] as Duplex;
  const chunks: Buffer[] = [];
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      resolve('it took too long');
    }, PATIENCE_MS);
    const done = (text: string) => {
      clearTimeout(timer);
      resolve(text);
    };
    child.on('error', (error) => done(error.message));
    pipe.on('error', () => {}); // it ended before it read: end says the rest
    pipe.on('data', (chunk: Buffer) => chunks.push(chunk));
    pipe.on('close', () => done(Buffer.concat(chunks).toString('utf8')));
    pipe.end(start, () => start.fill(0));
  });
}
