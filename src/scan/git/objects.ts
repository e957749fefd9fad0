import { type GitPlace, git, startGit } from '../../system/git.ts';

/** So many objects go to one reader at a time: enough neighbours in the pack for git to unpack them quickly. */
const BLOCK = 1000;
/** The kinds of objects that hold text. */
export const WITH_TEXT = ['blob', 'commit', 'tag'] as const;

/**
 * The ids of a repository's objects of some types in blocks: all that is in the object database, also what nothing
 * refers to. In the order in which the packs hold them.
 */
export async function* objectsOf(
  place: GitPlace,
  ...types: readonly (typeof WITH_TEXT)[number][]
): AsyncIterable<string[]> {
  const format = '--batch-check=%(objecttype) %(objectname)';
  const { output, end } = startGit(place, [
    'cat-file',
    '--batch-all-objects',
    '--unordered',
    '--buffer',
    format,
  ]);
  end();
  const beginnings = types.map((type) => `${type} `);
  let block: string[] = [];
  let rest = '';
  for await (const bytes of output) {
    const lines = (rest + bytes.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!beginnings.some((beginning) => line.startsWith(beginning))) continue;
      block.push(line.slice(line.indexOf(' ') + 1));
      if (block.length < BLOCK) continue;
      yield block;
      block = [];
    }
  }
  if (block.length > 0) yield block;
}

/** Blocks of ids as git reads them. @param done is told the size of each block that was taken */
export async function* inLines(
  blocks: AsyncIterable<readonly string[]>,
  done: (size: number) => void = () => {},
): AsyncGenerator<string> {
  for await (const block of blocks) {
    yield `${block.join('\n')}\n`;
    done(block.length);
  }
}

/** About how many objects there are, trees included. */
export function objectCount(place: GitPlace): number {
  const text = git(place, ['count-objects', '-v'])?.toString() ?? '';
  const numbers = [...text.matchAll(/^(?:count|in-pack): (\d+)$/gm)];
  return numbers.reduce((sum, [, number]) => sum + Number(number), 0);
}
