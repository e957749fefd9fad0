import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createContext } from '../../src/cli/context.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { commandLines } from './command-lines.ts';
import { markdown, type Page } from './page.ts';

/** Blocks in which a line of twvault's is one that its reader would run. */
const SHELLS = ['sh', 'bash', 'console', 'yaml', 'crontab', 'ini', 'powershell', 'dockerfile'];

const pages = markdown();

describe('every command line in a page is one that twvault takes', () => {
  it.each(pages)('$path', async (page) => {
    for (const [line, words] of linesOf(page)) {
      expect(await complaint(words), `${page.path}:${line}: twvault ${words.join(' ')}`).toBeUndefined();
    }
  });

  it.each(pages.filter(({ path }) => path !== 'docs/format.md'))('$path, in its sentences', async (page) => {
    const mentioned = page.text.matchAll(/`twvault ([^`_]+)`/g);
    for (const [code, line = ''] of mentioned) {
      const [words = []] = commandLines(`twvault ${line}`);
      // A sentence need not name all that a command takes.
      expect((await complaint(words)) ?? '', `${page.path}: ${code}`).not.toMatch(/unknown|invalid|Allowed/);
    }
  });
});

describe('the check', () => {
  it.each([
    ['twvault lst', /unknown command/],
    ['twvault list --jsn', /unknown option '--jsn'/],
    ['X=1 twvault add', /missing required argument/],
    ['npx twvault guard instal', /unknown command|excess/],
    ['true && twvault migrate --to nowhere', /Allowed choices/],
  ])('finds what is wrong in %s', async (text, message) => {
    const [words = []] = commandLines(text);
    expect(await complaint(words)).toMatch(message);
  });

  it.each([
    [
      'twvault add a --stdin < a.env && twvault use a # b',
      [
        ['add', 'a', '--stdin'],
        ['use', 'a'],
      ],
    ],
    ['twvault export a 2>/dev/null | cat', [['export', 'a']]],
    [
      'twvault exec -- node bot.js \'Hello, "you"\' \\\n  more',
      [['exec', '--', 'node', 'bot.js', 'Hello, "you"', 'more']],
    ],
    ['source <(twvault completion bash)', [['completion', 'bash']]],
    ['ls | grep twvault', []],
    ['a twvaultx', []],
  ])('reads %s', (text, expected) => {
    expect(commandLines(text)).toEqual(expected);
  });
});

/** The command lines of a page, each with its line. */
function linesOf({ blocks }: Page): [number, string[]][] {
  return blocks
    .filter(({ language }) => SHELLS.includes(language))
    .flatMap((block) => {
      const text =
        block.language === 'console' ? typed(block.text) : block.text.replace(/^(\s*)(- )?run: \|?/gm, '$1');
      return commandLines(text).map((words) => [block.line, words] as [number, string[]]);
    });
}

/** What a terminal session has its reader type. */
const typed = (session: string): string => (session.match(/(?<=^\$ ).*/gm) ?? []).join('\n');

/** What commander has against a command line; nothing of it is carried out. */
async function complaint(words: readonly string[]): Promise<string | undefined> {
  const program = await buildProgram(words[0], createContext());
  idle(program);
  try {
    await program.parseAsync([...words], { from: 'user' });
    return undefined;
  } catch (error) {
    const { exitCode, message } = error as { exitCode?: number; message: string };
    return exitCode === 0 ? undefined : message;
  }
}

function idle(command: Command): void {
  command.exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} });
  if (command.commands.length === 0) command.action(() => {});
  for (const inner of command.commands) idle(inner);
}
