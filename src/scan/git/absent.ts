import { type GitPlace, git, gitText, startGit } from '../../system/git.ts';

const PARTIAL = '^(extensions\\.partialclone|remote\\..*\\.promisor)$';
const MARK = '?'.charCodeAt(0);
const LINE_FEED = 10;

/** What of a history is not here, in words, and how to get it. */
export interface Absence {
  readonly note: string;
  readonly hint: string;
}

/** What a shallow or partial clone has not fetched. */
export async function absencesIn(place: GitPlace): Promise<Absence[]> {
  const count = await absentObjects(place);
  const partial = `this is a partial clone: ${count} object${count === 1 ? '' : 's'} of its history not fetched yet`;
  return [
    ...(isShallow(place)
      ? [
          {
            note: 'this is a shallow clone: older commits were not fetched, and the oldest here may not be those that brought a value in',
            hint: 'fetch the rest first: git fetch --unshallow',
          },
        ]
      : []),
    ...(count > 0 ? [{ note: partial, hint: 'fetch the rest first: git fetch --refetch --no-filter' }] : []),
  ];
}

const isShallow = (place: GitPlace): boolean =>
  gitText(place, ['rev-parse', '--is-shallow-repository']) === 'true';

/** How many objects that the history needs were never fetched: a partial clone gets them when somebody asks. */
async function absentObjects(place: GitPlace): Promise<number> {
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
