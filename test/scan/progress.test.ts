import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { batchScanner } from '../../src/scan/batch-scan.ts';
import { scanFiles } from '../../src/scan/scan-files.ts';
import { temporaryFolder } from '../support/cli.ts';

const MEBIBYTE = 1024 * 1024;

/** A folder with a file of that many bytes. */
function folderWith(size: number): { folder: string; file: string } {
  const folder = temporaryFolder();
  const file = join(folder, 'large.txt');
  writeFileSync(file, 'text\n'.repeat(2000));
  truncateSync(file, size);
  return { folder, file };
}

it('is told while a large file is read, and in the end of all of it', async () => {
  const size = 50 * MEBIBYTE;
  const { folder } = folderWith(size);
  const seen: [number, number][] = [];
  const walk = { env: process.env, cwd: process.cwd(), home: join(folder, 'vault'), all: true };
  const { bytes } = await scanFiles([folder], { fingerprints: [] }, walk, (...now) => seen.push(now));
  const before = seen.filter(([files]) => files === 0).map(([, done]) => done);
  expect(before.length).toBeGreaterThan(1);
  expect(before).toEqual([...before].sort((one, other) => one - other));
  expect(seen.at(-1)).toEqual([1, bytes]);
  expect(bytes).toBeGreaterThanOrEqual(size);
});

it('counts every byte once, in a batch and before its end', () => {
  const { file } = folderWith(40 * MEBIBYTE);
  let told = 0;
  const scan = batchScanner({ fingerprints: [] }, (bytes) => {
    told += bytes;
  });
  const { bytes } = scan(Buffer.from(`${file}\0`));
  expect(told).toBeGreaterThan(0);
  expect(bytes).toBeGreaterThan(0);
  expect(told + bytes).toBe(40 * MEBIBYTE);
});
