import { type GitPlace, type RunningGit, startGit } from '../../system/git.ts';
import type { Scanner } from '../finding.ts';
import { BatchReader } from './batch.ts';
import { type Found, PieceScanner } from './pieces.ts';

/**
 * Scans objects, with one git process.
 * @param blocks their ids, each ended by a line feed
 * @returns how many hits an inline marker accepts
 */
export async function readObjects(
  place: GitPlace,
  scanner: Scanner,
  blocks: AsyncIterable<string>,
  note: (found: Found) => void,
): Promise<number> {
  const pieces = new PieceScanner(scanner, note);
  const reader = new BatchReader((piece) => pieces.take(piece));
  const running = startGit(place, ['cat-file', '--batch', '--buffer']);
  const read = async (): Promise<void> => {
    for await (const bytes of running.output) reader.push(bytes);
  };
  await Promise.all([feed(running, blocks), read()]);
  return pieces.allowed;
}

/** Writes to git, as fast as git takes it, and ends its input. */
export async function feed({ write, end }: RunningGit, blocks: AsyncIterable<string>): Promise<void> {
  try {
    for await (const block of blocks) await write(block);
  } finally {
    end();
  }
}
