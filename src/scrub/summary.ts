import type { History, ScrubbedFile, ScrubReport } from './scrub.ts';

/** A line for the person. */
export interface Line {
  readonly kind: 'say' | 'warn' | 'hint';
  readonly text: string;
}

const MOST_COMMITS = 10;
const SHORT = 10;

/** What to tell after a scrub. */
export function summaryOf({ files, projects, histories }: ScrubReport): Line[] {
  const isDone = files.some(({ state }) => state === 'scrubbed');
  return [
    ...files.flatMap(fileLines),
    ...projects.map(({ path, profile, preset, env }) =>
      say(
        `${path} ${isDone ? 'says' : 'would say'} how to run it: profile ${profile}, preset ${preset}` +
          (env.size > 0 ? `, ${[...env].map(([name, source]) => `${name} from ${source}`).join(', ')}` : ''),
      ),
    ),
    ...(isDone
      ? [
          ...projects.slice(0, 1).map(() => hint('run the program with its keys: twvault exec -- COMMAND')),
          hint('other files may hold the values too: twvault scan'),
        ]
      : []),
    ...histories.flatMap(historyLines),
  ];
}

const say = (text: string): Line => ({ kind: 'say', text });
const warn = (text: string): Line => ({ kind: 'warn', text });
const hint = (text: string): Line => ({ kind: 'hint', text });

function fileLines({ path, state, failure, isEmptied, unchecked, remains, tracking }: ScrubbedFile): Line[] {
  if (failure) return [warn(failure.message), ...failure.hints.map(hint)];
  const lines = [
    say(
      state === 'scrubbed'
        ? `took the values out of ${path}`
        : `${path} is as it was, with the keys in plaintext`,
    ),
  ];
  if (unchecked !== undefined) lines.push(warn(`${path}: not checked by its language: ${unchecked}`));
  if (state === 'scrubbed' && isEmptied) lines.push(...emptiedLines(path));
  for (const { line, field } of remains) {
    const what = field === undefined ? 'something shaped like a credential' : `the ${field}`;
    lines.push(warn(`${path}, line ${line}: ${what} is still there: take it out by hand`));
  }
  if (remains.length > 0 && /\.ipynb$/i.test(path))
    lines.push(hint('outputs keep what a cell has shown: clear them in Jupyter and save the notebook'));
  if (state === 'scrubbed' && tracking === 'tracked')
    lines.push(hint(`commit the change: git commit ${path}`));
  if (state === 'scrubbed' && tracking === 'untracked')
    lines.push(hint(`git does not keep ${path} yet${remains.length > 0 ? '' : '; it is safe to add now'}`));
  if (state === 'scrubbed' && tracking === 'ignored') lines.push(hint(`git ignores ${path}`));
  return lines;
}

/** Compose hands a variable of its own on where an environment names it alone. */
function emptiedLines(path: string): Line[] {
  const isCompose = /(^|[/\\])(docker-)?compose[^/\\]*\.ya?ml$/i.test(path);
  return [
    warn(`what read the keys in ${path} finds none there now: it has to read its environment`),
    ...(isCompose ? [hint('a service gets a variable that its environment names alone: - NAME')] : []),
  ];
}

function historyLines({ folder, traces }: History): Line[] {
  if (!traces) {
    const unknown = `git does not say whether the values are in the history of ${folder}: it may not be all here`;
    return [warn(unknown), hint('twvault scan --history tells why')];
  }
  if (traces.length === 0) return [say(`the history of ${folder} does not hold the values`)];
  const commits = [...new Set(traces.map(({ commit }) => commit.slice(0, SHORT)))];
  const paths = [...new Set(traces.map(({ path }) => path))];
  const several = commits.length === 1 ? '1 commit' : `${commits.length} commits`;
  const range = commits.length === 1 ? '' : ` (first ${commits.at(-1)}, last ${commits[0]})`;
  return [
    warn(
      `the values are in the git history of ${folder}, brought in by ${several}${range}: ${firstOf(commits)}`,
    ),
    warn(`in ${firstOf(paths)}`),
    hint('only new keys end the leak: renew them at console.x.com, then store them with twvault set'),
  ];
}

function firstOf(names: readonly string[]): string {
  const more = names.length - MOST_COMMITS;
  return names.slice(0, MOST_COMMITS).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
