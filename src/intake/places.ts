import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../system/repository.ts';

/** Where command-line tools keep keys, below the home directory. */
const IN_HOME = [
  '.twurlrc',
  '.trc',
  '.xrc',
  '.xurl',
  '.xurl/auth.yml',
  '.twarc',
  '.tweet.client.key',
  '.twitter_keys.yaml',
  '.twitter_oauth',
  '.twitterrc',
  '.config/twurlrc',
  '.config/xurl/auth.yml',
];

/** Files that hold keys or settings in a format that is read, by their names. */
const MAY_HOLD_KEYS =
  /^(\.?env(rc)?(\..+)?|.+\.env|.+\.(py|ipynb|php|rb|js|mjs|cjs|ts|mts|cts|json|jsonl|json5|jsonc|ini|cfg|conf|toml|ya?ml|properties)|\.(twurlrc|trc|xrc|xurl|twarc)|.*(twitter|tweet|cred|token|keys?|secret).*\.(txt|csv|key))$/i;
const NOT_A_PLACE =
  /^(\.git|\.hg|\.svn|node_modules|bower_components|vendor|venv|\.venv|env|__pycache__|dist|build|target|coverage|\.tox|\.cache|\.idea|\.vscode)$/;
const NOT_KEYS =
  /^(package(-lock)?|tsconfig.*|composer|pnpm-lock|yarn|deno|biome|renovate)\.(json|ya?ml|lock)$/;

const LARGEST = 256 * 1024;
/** A folder with more files than this is data, not a program. */
const MOST_FILES = 1000;

/**
 * Files in the usual places that may hold keys: at the repository's root and one level down, and those of known tools
 * in the home directory. Links are not followed; what cannot be read is passed over.
 * @returns absolute paths
 */
export function usualPlaces(cwd: string, home: string | undefined): string[] {
  const root = repositoryRoot(cwd) ?? cwd;
  const folders = [
    root,
    ...entriesOf(root)
      .filter(({ isFolder }) => isFolder)
      .map(({ path }) => path),
  ];
  // The home directory is no repository: only the files of known tools count there.
  const inRepository = root === home ? [] : folders.flatMap(filesOf);
  const inHome = home === undefined ? [] : IN_HOME.map((name) => join(home, name)).filter(isSmallFile);
  return [...new Set([...inRepository, ...inHome])];
}

function filesOf(folder: string): string[] {
  const files = entriesOf(folder).filter(
    ({ name, isFolder }) => !isFolder && MAY_HOLD_KEYS.test(name) && !NOT_KEYS.test(name),
  );
  return files.map(({ path }) => path).filter(isSmallFile);
}

interface DirectoryEntry {
  readonly name: string;
  readonly path: string;
  readonly isFolder: boolean;
}

function entriesOf(folder: string): DirectoryEntry[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    if (entries.length > MOST_FILES) return [];
    return entries
      .filter((entry) => entry.isFile() || (entry.isDirectory() && !NOT_A_PLACE.test(entry.name)))
      .map((entry) => ({ name: entry.name, path: join(folder, entry.name), isFolder: entry.isDirectory() }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

function isSmallFile(path: string): boolean {
  try {
    const stat = lstatSync(path);
    return stat.isFile() && stat.size <= LARGEST;
  } catch {
    return false;
  }
}
