import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import texts from 'virtual:shell-texts';
import type * as npm from '../npm/shell-files.ts';

export const shellText: typeof npm.shellText = (name) => texts[name] ?? '';

/** Shells cannot read what is inside an executable: the files are written into the vault's home when they are needed. */
export const shellFolder: typeof npm.shellFolder = (home) => {
  const folder = join(home, 'shell');
  for (const [name, text] of Object.entries(texts)) put(join(folder, name), text);
  return folder;
};

function put(path: string, text: string): void {
  if (read(path) === text) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const next = `${path}.${process.pid}`;
  writeFileSync(next, text, { mode: 0o600 });
  renameSync(next, path);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
