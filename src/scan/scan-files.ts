import { setImmediate } from 'node:timers/promises';
import { type BatchReport, batchScanner } from './batch-scan.ts';
import type { Finding } from './finding.ts';
import { nameOfPath } from './path-name.ts';
import type { Pool } from './pool.ts';
import type { ScannerInput } from './scanner.ts';
import { filesOfNested, filesUnder, type Walk } from './walk.ts';

/** What every kind of scan reports. */
export interface ScanResult {
  /** Sorted by path and place. */
  readonly findings: readonly Finding[];
  /** How many hits an inline marker accepts. */
  readonly allowed: number;
  readonly files: number;
  /** How many bytes were read, where that was counted. */
  readonly bytes?: number;
  /** What could not be looked at, in words. */
  readonly notes: readonly string[];
}

/** Is told, now and then, how much has been scanned so far. */
export type Progress = (files: number, bytes: number) => void;

/** A smaller scan ends before threads would have started. */
const SMALL_FILES = 600;
const SMALL_BYTES = 24 * 1024 * 1024;

/**
 * Scans the files under these paths. Large trees are scanned by several threads.
 * @throws Failure exit 2 where there is nothing at a path
 */
export async function scanFiles(
  paths: readonly string[],
  input: ScannerInput,
  options: Omit<Walk, 'note'>,
  progress?: Progress,
): Promise<ScanResult> {
  const scan = new FilesScan(input, options, progress);
  try {
    for (const path of paths) await scan.take(filesUnder(path, scan.walk));
    await scan.finish();
    return scan.result();
  } finally {
    await scan.close();
  }
}

class FilesScan {
  readonly walk: Walk;
  readonly #input: ScannerInput;
  readonly #progress: Progress | undefined;
  readonly #findings: Finding[] = [];
  readonly #notes: string[] = [];
  readonly #seen = new Set<string>();
  #nested: Buffer[] = [];
  #allowed = 0;
  #files = 0;
  #bytes = 0;
  #pool: Pool | undefined;
  readonly #scanHere: (paths: Buffer) => BatchReport;

  constructor(input: ScannerInput, options: Omit<Walk, 'note'>, progress: Progress | undefined) {
    this.#input = input;
    this.#scanHere = batchScanner(input, this.#more);
    this.#progress = progress;
    this.walk = { ...options, note: (text) => this.#notes.push(text) };
  }

  async take(batches: AsyncIterable<Buffer>): Promise<void> {
    for await (const batch of batches) {
      const isSmall = !this.#pool && this.#isSmall();
      if (!isSmall && (await this.#threads()).offer(batch)) continue;
      this.#add(this.#scanHere(batch));
      await setImmediate(); // so that threads are heard
    }
  }

  /** Scans the repositories found inside others, and waits for the threads. */
  async finish(): Promise<void> {
    do {
      const nested = this.#nested;
      this.#nested = [];
      for (const folder of nested) await this.take(filesOfNested(folder, this.walk));
      await this.#pool?.settle();
    } while (this.#nested.length > 0);
  }

  result(): ScanResult {
    const findings = this.#findings.sort(inOrder);
    return {
      findings,
      allowed: this.#allowed,
      files: this.#files,
      bytes: this.#bytes,
      notes: this.#notes.sort(),
    };
  }

  async close(): Promise<void> {
    await this.#pool?.close();
  }

  #isSmall(): boolean {
    return this.#files < SMALL_FILES && this.#bytes < SMALL_BYTES;
  }

  async #threads(): Promise<Pool> {
    if (!this.#pool) {
      const { Pool } = await import('./pool.ts');
      this.#pool = new Pool(this.#input, (report) => this.#add(report), this.#more);
    }
    return this.#pool;
  }

  readonly #more = (bytes: number): void => {
    this.#bytes += bytes;
    this.#progress?.(this.#files, this.#bytes);
  };

  #add({ findings, allowed, files, bytes, directories, unreadable }: BatchReport): void {
    this.#findings.push(...findings);
    this.#allowed += allowed;
    this.#files += files;
    this.#bytes += bytes;
    this.#notes.push(...unreadable.map((name) => `cannot read ${name}`));
    for (const directory of directories) {
      const folder = Buffer.from(directory);
      if (this.#seen.has(nameOfPath(folder))) continue;
      this.#seen.add(nameOfPath(folder));
      this.#nested.push(folder);
    }
    this.#progress?.(this.#files, this.#bytes);
  }
}

function inOrder(one: Finding, other: Finding): number {
  if (one.path !== other.path) return one.path < other.path ? -1 : 1;
  return one.line - other.line || one.column - other.column;
}
