import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { wholeProgram } from '../../src/cli/completion/describe.ts';
import { NOT_STARTED } from '../../src/cli/exec/exec.ts';
import { EXIT } from '../../src/failure.ts';
import { temporaryFolder } from '../support/cli.ts';
import { has } from '../support/tools.ts';

const ROOT = join(import.meta.dirname, '../..');
const MAN = join(ROOT, 'man');

/** Each page as the build wrote it. */
const pages = new Map(
  readdirSync(MAN).map((file) => [
    file.replace('.1.gz', ''),
    gunzipSync(readFileSync(join(MAN, file))).toString(),
  ]),
);
const page = (name: string): string => pages.get(name) ?? '';

/** A page as a terminal shows it, without its markup. */
const shown = (text: string): string =>
  text
    .replace(/\\f[BIR]/g, '')
    .replaceAll('\\-', '-')
    .replaceAll('\\(aq', "'")
    .replaceAll('\\(ti', '~');

const program = await wholeProgram();
const pageOf = (command: Command): string => `twvault-${command.name()}`;
const withInner = (command: Command): Command[] => [command, ...command.commands.flatMap(withInner)];

describe('the manual', () => {
  it('has a page for the program and for each command', () => {
    expect([...pages.keys()].sort()).toEqual(['twvault', ...program.commands.map(pageOf)].sort());
    const listed = program.commands.filter((command) =>
      shown(page('twvault')).includes(`\n${pageOf(command)}\n`),
    );
    expect(listed).toHaveLength(program.commands.length);
  });

  it.each(program.commands.map((command) => [command.name(), command] as const))(
    'says of %s what its help says',
    (_, command) => {
      const text = shown(page(pageOf(command)));
      for (const one of withInner(command)) {
        for (const option of one.createHelp().visibleOptions(one)) {
          expect(text).toContain(`.TP\n${option.flags}\n${option.description.slice(0, 20)}`);
        }
        let help = '';
        one.configureOutput({
          writeOut: (part) => {
            help += part;
          },
        });
        one.outputHelp();
        const own = help
          .slice(one.helpInformation().length)
          .split('\n')
          .filter((line) => line.trim() !== '');
        for (const line of own.filter((line) => line !== 'Examples:')) {
          expect(text).toContain(
            line.trim().replaceAll('\\', '\\e').replaceAll('`', '\\(ga').replaceAll('^', '\\(ha'),
          );
        }
      }
    },
  );

  it('has every exit code', () => {
    const section = /^\.SH "EXIT STATUS"\n([\s\S]*?)^\.SH/m.exec(page('twvault'))?.[1] ?? '';
    const codes = [...section.matchAll(/^\.TP\n(\d+)$/gm)].map(([, code]) => Number(code));
    expect(codes).toEqual(Object.values(EXIT));
    expect(section).toContain(`${NOT_STARTED} where twvault failed before it started`);
  });

  it('has every variable that the program reads or sets', () => {
    const inner = ['TWVAULT_SET_ASIDE', 'TWVAULT_SHELL_ENV', 'TWVAULT_SHELL_ZDOTDIR'];
    const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .flatMap(
        (path) =>
          readFileSync(join(ROOT, 'src', path), 'utf8').match(/\bTWVAULT_[A-Z]+(_[A-Z]+)*\b(?!_)/g) ?? [],
      );
    const used = [...new Set(sources)].filter((name) => !inner.includes(name));
    const described = [...shown(page('twvault')).matchAll(/^\.TP\n(TWVAULT_\w+)$/gm)].map(([, name]) => name);
    expect(described.sort()).toEqual(used.sort());
  });

  it('is plain ASCII', () => {
    for (const [name, text] of pages) expect([name, /[^\n -~]/.test(text)]).toEqual([name, false]);
  });
});

/** Programs that show pages, with what makes them complain, on standard output or error, about any fault. */
const READERS = {
  mandoc: ['-T', 'lint', '-W', 'warning'],
  groff: ['-mandoc', '-ww', '-z'],
  man: ['--warnings', '-l'],
} as const;

for (const [reader, options] of Object.entries(READERS)) {
  it.skipIf(!has(reader, `the manual read by ${reader}`))(`${reader} finds no fault in the manual`, () => {
    const folder = temporaryFolder();
    const complaints = [...pages].map(([name, text]) => {
      const file = join(folder, `${name}.1`);
      writeFileSync(file, text);
      const env = { ...process.env, LC_ALL: 'C.UTF-8', MANPAGER: 'cat' };
      const { stdout, stderr } = spawnSync(reader, [...options, file], { encoding: 'utf8', env });
      return reader === 'man' ? stderr : stdout + stderr;
    });
    expect(complaints.join('')).toBe('');
  });
}
