import type { Finding } from './finding.ts';
import { partsOf } from './parts.ts';
import { nameOfPath } from './path-name.ts';
import { FileScanner } from './scan-file.ts';
import { createScanner, type ScannerInput } from './scanner.ts';

/** What a batch of files gave. */
export interface BatchReport {
  readonly findings: readonly Finding[];
  readonly allowed: number;
  readonly files: number;
  /** How many bytes were read, less those that were told before. */
  readonly bytes: number;
  /** Paths that are folders: repositories inside another one. */
  readonly directories: readonly Uint8Array[];
  /** Names of the files that could not be read. */
  readonly unreadable: readonly string[];
}

/** From a thread: how many more bytes of a large file were read, or what a batch gave. */
export type FromThread = number | BatchReport;

const NUL = 0;
const SLASH = 0x2f;

/**
 * Makes the function that scans one batch: paths, each ended by a NUL byte.
 * @param more is told, now and then in a large file, how many more bytes were read
 */
export function batchScanner(
  input: ScannerInput,
  more: (bytes: number) => void,
): (paths: Buffer) => BatchReport {
  const scanner = createScanner(input);
  return (paths) => {
    const files = new FileScanner(scanner, more);
    let count = 0;
    const directories: Buffer[] = [];
    const unreadable: string[] = [];
    for (const path of partsOf(paths, NUL)) {
      const outcome = path.at(-1) === SLASH ? 'directory' : files.scan(path, () => nameOfPath(path));
      if (outcome === 'scanned') count += 1;
      else if (outcome === 'directory') directories.push(Buffer.from(path));
      else if (outcome === 'unreadable') unreadable.push(nameOfPath(path));
    }
    const { findings, allowed, bytes } = files;
    return { findings, allowed, bytes, files: count, directories, unreadable };
  };
}
