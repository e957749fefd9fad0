import { describe, expect, it, onTestFinished } from 'vitest';
import { startStandIn } from '../standin/server.mjs';
import { has, hasTweepy } from '../support/tools.ts';
import { blocksOf, markdown, type Page, stepsOf } from './page.ts';
import { Reader } from './reader.ts';

/** The pages that a reader follows from top to bottom; the recipes are followed by `test/recipes`. */
const PAGES = markdown()
  .filter(({ path }) => !path.startsWith('docs/recipes/'))
  .filter(({ blocks }) => blocks.some((block) => stepsOf(block).length > 0));

/** What a page cannot be followed without, where a machine may not have it. */
function isFollowable({ path, blocks }: Page): boolean {
  const scripts = blocks
    .flatMap(stepsOf)
    .map(({ script }) => script)
    .join('\n');
  return (!/\bpython3\b/.test(scripts) || hasTweepy(path)) && (!/\bage\b/.test(scripts) || has('age', path));
}

async function follow(page: Page): Promise<void> {
  const reader = await Reader.arrive();
  const x = await startStandIn(reader.atX);
  onTestFinished(x.close);
  x.logins.browserUser = 'brand';
  await reader.meet(x.port);
  await reader.follow(page);
}

describe('what a page has its reader run, works as it says', () => {
  it.each(PAGES.filter(isFollowable))('$path', { timeout: 180_000 }, async (page) => {
    await expect(follow(page)).resolves.toBeUndefined();
  });
});

describe('a page that is wrong is named with the line', () => {
  const page = (...lines: string[]): Page => {
    const text = lines.join('\n');
    return { path: 'docs/made-up.md', text, blocks: blocksOf(text) };
  };

  it.each([
    [
      'a command fails',
      ['# T', '```sh run', 'true', 'twvault show nobody', '```'],
      'made-up.md:4: exit status 4',
    ],
    ['a command is not there', ['```sh run', 'twvlt', '```'], 'made-up.md:2: exit status 127'],
    ['a part of a pipe fails', ['```sh run', 'false | cat', '```'], 'made-up.md:2: exit status 1'],
    ['it does not fail', ['```sh run exit=5', 'true', '```'], 'made-up.md:2: exit status 0, not 5'],
    ['preparation fails', ['', '<!-- run', 'false', '-->'], 'made-up.md:3: exit status 1'],
    ['it prints something else', ['```console run', '$ true', '$ echo a', 'b', '```'], 'made-up.md:3: shows'],
    ['it prints more', ['```console run', '$ echo a; echo b', 'a', '```'], 'made-up.md:2: shows'],
    ['it prints less', ['```console run', '$ echo a', 'a', 'b', '```'], 'made-up.md:2: shows'],
  ])('where %s', async (_, lines, message) => {
    await expect(follow(page(...lines))).rejects.toThrow(message);
  });

  it.each([
    [
      'variables, folders and files stay',
      [
        '```sh run',
        'export A=1; mkdir b; cd b',
        '```',
        '```sh run',
        '[ "$A:$(basename "$PWD")" = 1:b ]',
        '```',
      ],
    ],
    ['what is unset stays so', ['```sh run', 'unset HOME', '```', '```sh run', '! printenv HOME', '```']],
    [
      'a file that is shown is there',
      ['```py file=a.py', 'print(1)', '```', '```console run', '$ cat a.py', 'print(1)', '```'],
    ],
    [
      'columns may be wider, and … is anything',
      ['```console run', '$ printf "a   b 1\\nc\\nd\\ne"', 'a  b …', '…', 'e', '```'],
    ],
    ['the last command may fail', ['```console run exit=3', '$ true', '$ exit 3', '```']],
    [
      'questions are answered on a terminal, in their order',
      [
        '<!-- answers',
        'name? => {brand.username}',
        'sure? => y',
        '-->',
        '```sh run',
        'read -p "name? " a; read -n1 -p "sure? " b; [ "$a$b" = brandy ]',
        '```',
      ],
    ],
    ['others are left alone', ['```sh by-hand', 'false', '```', '```console', '$ false', '```']],
  ])('%s', async (_, lines) => {
    await expect(follow(page(...lines))).resolves.toBeUndefined();
  });
});

describe('no command is left out by an oversight', () => {
  it.each(markdown())('$path', ({ path, blocks }) => {
    const commands = blocks.filter(({ language }) => ['sh', 'bash', 'console'].includes(language));
    for (const { line, marks } of commands)
      expect(marks.join(' '), `${path}:${line}: neither run nor by-hand`).toMatch(
        /\brun\b|\bby-hand\b|^file=/,
      );
  });
});
