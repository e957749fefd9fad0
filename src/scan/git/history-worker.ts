// A thread that scans the objects it is told to: one git process and one scanner of its own.
import { once } from 'node:events';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { EXIT, Failure } from '../../failure.ts';
import { createScanner } from '../scanner.ts';
import type { FromReader, ReaderInput, ToReader } from './history-message.ts';
import { readObjects } from './reader.ts';

const port = parentPort as MessagePort;
const { cwd, env, scanner } = workerData as ReaderInput;
const send = (message: FromReader): void => port.postMessage(message);

/** Asks for ids until there are no more. */
async function* blocks(): AsyncGenerator<string> {
  for (;;) {
    const answer = once(port, 'message');
    send({ kind: 'next' });
    const [block] = (await answer) as [ToReader];
    if (block === null) return;
    yield block;
  }
}

readObjects({ cwd, env }, createScanner(scanner), blocks(), (found) => send({ kind: 'found', found }))
  .then((allowed) => send({ kind: 'done', allowed }))
  .catch((error: unknown) => {
    const { exitCode, message, hints } =
      error instanceof Failure ? error : new Failure(EXIT.failed, 'reading the history failed', [], error);
    send({ kind: 'failed', exitCode, message, hints });
  })
  .finally(() => port.close());
