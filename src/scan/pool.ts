import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { threadFile } from '#installation/process';
import type { BatchReport, FromThread } from './batch-scan.ts';
import type { ScannerInput } from './scanner.ts';

/** More threads would take more memory than they save time: reading is the limit then. */
const MOST_THREADS = 4;
/** How many batches wait at a thread, so that it never has to wait for the next. */
const AHEAD = 6;
/** A small nursery keeps a thread's memory low; hardly anything lives there. */
const LIMITS = { maxYoungGenerationSizeMb: 32 };

interface Thread {
  readonly worker: Worker;
  waiting: number;
}

/** Threads that scan batches of files, beside the one that fills them and scans what they have no time for. */
export class Pool {
  readonly #threads: Thread[];
  readonly #done: (report: BatchReport) => void;
  readonly #more: (bytes: number) => void;
  #wake: () => void = () => {};
  #error: unknown;

  /**
   * @param done is told each batch's report
   * @param more is told how many more bytes of a large file were read, before its batch is done
   */
  constructor(input: ScannerInput, done: (report: BatchReport) => void, more: (bytes: number) => void) {
    this.#done = done;
    this.#more = more;
    const size = Math.max(1, Math.min(MOST_THREADS, availableParallelism()) - 1);
    this.#threads = Array.from({ length: size }, () => this.#start(input));
  }

  /** Hands over a batch; false where every thread has enough to do. */
  offer(batch: Buffer): boolean {
    if (this.#error !== undefined) throw this.#error;
    const thread = this.#threads.reduce((one, other) => (other.waiting < one.waiting ? other : one));
    if (thread.waiting >= AHEAD) return false;
    thread.waiting += 1;
    thread.worker.postMessage(batch);
    return true;
  }

  /** Waits until every batch is done. */
  async settle(): Promise<void> {
    while (this.#threads.some(({ waiting }) => waiting > 0)) {
      if (this.#error !== undefined) throw this.#error;
      await this.#news();
    }
    if (this.#error !== undefined) throw this.#error;
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #start(input: ScannerInput): Thread {
    const file = threadFile('scan-worker');
    const thread = { worker: new Worker(file, { workerData: input, resourceLimits: LIMITS }), waiting: 0 };
    thread.worker.on('message', (report: FromThread) => {
      if (typeof report === 'number') return this.#more(report);
      thread.waiting -= 1;
      this.#done(report);
      this.#wake();
    });
    thread.worker.on('error', (error: unknown) => {
      this.#error = error;
      this.#wake();
    });
    return thread;
  }
}
