import { type GitPlace, git, startGit } from '../../system/git.ts';

const PARTIAL = '^(extensions\\.partialclone|remote\\..*\\.promisor)$';
const MARK = '?'.charCodeAt(0);
const LINE_FEED = 10;

/** How many objects that the history needs were never fetched: a partial clone gets them when somebody asks. */
export async function absentObjects(place: GitPlace): Promise<number> {
  if (git(place, ['config', '--get-regexp', PARTIAL], { answers: [1] }) === null) return 0;
  const args = 'rev-list --objects --no-object-names --all --reflog --missing=print'.split(' ');
  const { output, end } = startGit(place, args);
  end();
  let count = 0;
  let before = LINE_FEED;
  for await (const bytes of output) {
    for (const byte of bytes) {
      if (byte === MARK && before === LINE_FEED) count += 1;
      before = byte;
    }
  }
  return count;
}
