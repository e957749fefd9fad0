import { Worker } from 'node:worker_threads';
import { threadFile } from '#installation/process';
import { Failure } from '../../failure.ts';
import type { GitPlace } from '../../system/git.ts';
import type { Finding } from '../finding.ts';
import { createScanner, type ScannerInput } from '../scanner.ts';
import { type Absence, absencesIn } from './absent.ts';
import type { FromReader, ReaderInput, ToReader } from './history-message.ts';
import { findingsOfHistory } from './locate.ts';
import { inLines, objectCount, objectsOf, WITH_TEXT } from './objects.ts';
import type { Found } from './pieces.ts';
import { readObjects } from './reader.ts';

export interface HistoryScan {
  readonly findings: readonly Finding[];
  /** What git could not tell, in words. */
  readonly notes: readonly string[];
  /** How many hits an inline marker accepts. */
  readonly allowed: number;
  /** How many blobs, commits and tags were read. */
  readonly objects: number;
  /** What of the history is not here. */
  readonly absences: readonly Absence[];
}

/** Told as the scan goes on: how many of the repository's objects are done, roughly. */
export type Progress = (done: number, of: number) => void;

const READERS = 2;
/** With fewer objects than this, a scan ends before threads would have started. */
const SMALL = 8000;

/**
 * Scans every blob, commit message and tag in a repository's object database, also those that nothing refers to any
 * more, and says which commits brought in what was found.
 * @throws Failure exit 2 outside a repository
 */
export async function scanHistory(
  place: GitPlace,
  scanner: ScannerInput,
  progress?: Progress,
): Promise<HistoryScan> {
  const total = objectCount(place);
  const found: Found[] = [];
  const note = (one: Found): number => found.push(one);
  let objects = 0;
  const blocks = inLines(objectsOf(place, ...WITH_TEXT), (size) => {
    objects += size;
    progress?.(objects, total);
  });
  const allowed =
    total < SMALL
      ? await readObjects(place, createScanner(scanner), blocks, note)
      : await readByThreads({ ...place, scanner }, blocks, note);
  const absences = await absencesIn(place);
  const { findings, notes } = await findingsOfHistory(place, found);
  return { findings, notes: [...notes, ...absences.map(({ note }) => note)], allowed, objects, absences };
}

async function readByThreads(
  input: ReaderInput,
  blocks: AsyncGenerator<string>,
  note: (found: Found) => void,
): Promise<number> {
  const workers = Array.from({ length: READERS }, () => startReader(input));
  try {
    const allowed = await Promise.all(workers.map((worker) => serve(worker, blocks, note)));
    return allowed.reduce((sum, count) => sum + count, 0);
  } finally {
    for (const worker of workers) void worker.terminate();
  }
}

function startReader({ cwd, env, scanner }: ReaderInput): Worker {
  const workerData: ReaderInput = { cwd, env: { ...env }, scanner };
  return new Worker(threadFile('history-worker'), { workerData });
}

/** Gives a reader what it asks for until it is done; how many hits an inline marker accepts. */
function serve(
  worker: Worker,
  blocks: AsyncGenerator<string>,
  note: (found: Found) => void,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const give = async (): Promise<void> => {
      const { value, done } = await blocks.next();
      worker.postMessage((done ? null : value) satisfies ToReader);
    };
    worker.on('error', reject);
    worker.on('message', (message: FromReader) => {
      if (message.kind === 'next') give().catch(reject);
      else if (message.kind === 'found') note(message.found);
      else if (message.kind === 'done') resolve(message.allowed);
      else reject(new Failure(message.exitCode, message.message, message.hints));
    });
  });
}
