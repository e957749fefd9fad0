import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { InputOptions, Plugin } from 'rolldown';
import { evaluate } from './evaluate.mts';
import { commandPage, type Edition, mainPage, pageName, type Row } from './man-page.mts';

const ROOT = join(import.meta.dirname, '..');

/**
 * Writes the manual into man/: a page for each command, taken from the commander program by running it, as the table of
 * completion is, and from the tables in docs/format.md. Compressed, as systems keep their own.
 */
export function manual(options: InputOptions): Plugin {
  return {
    name: 'manual',
    async writeBundle() {
      const folder = join(ROOT, 'man');
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder);
      for (const [name, text] of await pages(options)) {
        writeFileSync(join(folder, `${name}.1.gz`), gzipSync(text, { level: 9 }));
      }
    },
  };
}

async function pages(options: InputOptions): Promise<[name: string, text: string][]> {
  type Module = typeof import('../src/cli/completion/describe.ts');
  const { wholeProgram } = await evaluate<Module>('src/cli/completion/describe.ts', options);
  const program = await wholeProgram();
  const edition = readEdition();
  return [
    [pageName(program), mainPage(program, edition)],
    ...program.commands.map((command): [string, string] => [
      pageName(command),
      commandPage(command, edition),
    ]),
  ];
}

function readEdition(): Edition {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const format = readFileSync(join(ROOT, 'docs/format.md'), 'utf8');
  const part = (title: string): string =>
    format.split(/^## /m).find((text) => text.startsWith(`${title}\n`)) ?? '';
  const home = part('The home').split('\n\n')[1] ?? '';
  return {
    version,
    date: today(),
    exitCodes: rows(part('Exit codes')),
    ofExec: bare(part('Exit codes').split('\n\n')[2] ?? ''),
    variables: rows(part('Variables')),
    files: rows(part('The home')),
    home: bare(home),
  };
}

/** The first two columns of a table. */
function rows(text: string): Row[] {
  const lines = text.match(/^\|.*\|$/gm) ?? [];
  return lines.slice(2).map((line) => {
    const [, name = '', about = ''] = line.split('|').map((cell) => bare(cell.trim()));
    return [name, about];
  });
}

const bare = (text: string): string => text.replaceAll('`', '');

/** SOURCE_DATE_EPOCH makes two builds of different days the same (reproducible-builds.org). */
function today(): string {
  const epoch = process.env.SOURCE_DATE_EPOCH;
  return new Date(epoch ? Number(epoch) * 1000 : Date.now()).toISOString().slice(0, 10);
}
