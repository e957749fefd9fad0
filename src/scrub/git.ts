import { spawn, spawnSync } from 'node:child_process';
import type { Readable } from 'node:stream';

/** Whether git keeps a file: `tracked` files are in the index, `ignored` ones are kept out on purpose. */
export type Tracking = 'tracked' | 'untracked' | 'ignored';

/** What git knows of a file of a folder, or undefined where it cannot be asked. */
export function trackingOf(folder: string, name: string): Tracking | undefined {
  const listed = git(folder, ['--literal-pathspecs', 'ls-files', '--error-unmatch', '--', name]);
  if (listed === 0) return 'tracked';
  if (listed !== 1) return undefined;
  return git(folder, ['check-ignore', '-q', '--', `./${name}`]) === 0 ? 'ignored' : 'untracked';
}

function git(root: string, args: readonly string[]): number | null {
  return spawnSync('git', options(root, args), { env: environment(), stdio: 'ignore' }).status;
}

/**
 * Runs git and gives its output in pieces.
 * @returns whether it ended well
 */
export async function gitOutput(
  root: string,
  args: readonly string[],
  take: (piece: Buffer) => void,
): Promise<boolean> {
  const child = spawn('git', options(root, args), {
    env: environment(),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise<boolean>((resolve) => {
    child.on('error', () => resolve(false));
    child.on('close', (status) => resolve(status === 0));
  });
  for await (const piece of child.stdout as Readable) take(piece as Buffer);
  return ended;
}

/** Paths are plain names and bytes as they are; no program of the repository's configuration is run. */
function options(root: string, args: readonly string[]): string[] {
  const settings = [
    'core.quotePath=false',
    'core.fsmonitor=false',
    'log.showSignature=false',
    'log.showRoot=true',
  ];
  return ['-C', root, ...settings.flatMap((setting) => ['-c', setting]), ...args];
}

/** Without what a hook or an alias may have set for another repository. */
function environment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(([name]) => !/^GIT_(?!CONFIG_)/.test(name));
  return { ...Object.fromEntries(entries), LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' };
}
