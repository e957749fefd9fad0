// A thread that scans the objects it is told to: one git process and one scanner of its own.
import { once } from 'node:events';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { EXIT, Failure } from '../../failure.ts';
import { type RunningGit, startGit } from '../../system/git.ts';
import { createScanner } from '../scanner.ts';
import { BatchReader } from './batch.ts';
import type { FromReader, ReaderInput, ToReader } from './history-message.ts';
import { PieceScanner } from './pieces.ts';

async function read({ cwd, env, scanner }: ReaderInput, port: MessagePort): Promise<void> {
  const send = (message: FromReader): void => port.postMessage(message);
  const pieces = new PieceScanner(createScanner(scanner), (found) => send({ kind: 'found', found }));
  const reader = new BatchReader((piece) => pieces.take(piece));
  const running = startGit({ cwd, env }, ['cat-file', '--batch', '--buffer']);
  const fed = feed(running, port, send);
  for await (const bytes of running.output) reader.push(bytes);
  await fed;
  send({ kind: 'done', allowed: pieces.allowed });
}

/** Asks for ids and writes them to git, as fast as git takes them. */
async function feed(
  running: RunningGit,
  port: MessagePort,
  send: (message: FromReader) => void,
): Promise<void> {
  for (;;) {
    const answer = once(port, 'message');
    send({ kind: 'next' });
    const [names] = (await answer) as [ToReader];
    if (names === null) break;
    await running.write(names);
  }
  running.end();
}

const port = parentPort as MessagePort;
read(workerData as ReaderInput, port)
  .catch((error: unknown) => {
    const { exitCode, message, hints } =
      error instanceof Failure ? error : new Failure(EXIT.failed, 'reading the history failed', [], error);
    port.postMessage({ kind: 'failed', exitCode, message, hints } satisfies FromReader);
  })
  .finally(() => port.close());
