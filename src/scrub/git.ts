import { Failure } from '../failure.ts';
import { type GitPlace, git, startGit, withoutRepository } from '../system/git.ts';

/** Whether git keeps a file: `tracked` files are in the index, `ignored` ones are kept out on purpose. */
export type Tracking = 'tracked' | 'untracked' | 'ignored';

/** What git knows of a file of a folder, or undefined where it cannot be asked. */
export function trackingOf(folder: string, name: string): Tracking | undefined {
  const place = placeIn(folder);
  const listing = ['--literal-pathspecs', 'ls-files', '--error-unmatch', '--', name];
  const checking = ['check-ignore', '-q', '--', `./${name}`];
  try {
    if (git(place, listing, { answers: [1] })) return 'tracked';
    return git(place, checking, { answers: [1, 128] }) ? 'ignored' : 'untracked';
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
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
  const { output, end } = startGit(placeIn(root), args);
  end();
  try {
    for await (const piece of output) take(piece);
    return true;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

export const placeIn = (cwd: string): GitPlace => ({ cwd, env: withoutRepository(process.env) });
