import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The nearest folder, from this one up, that git has made a repository of. */
export function repositoryRoot(folder: string): string | undefined {
  for (let root = folder; ; root = dirname(root)) {
    if (existsSync(join(root, '.git'))) return root;
    if (root === dirname(root)) return undefined;
  }
}
