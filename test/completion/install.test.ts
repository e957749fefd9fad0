import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shellOf } from '../../src/cli/completion/install.ts';
import { User } from '../support/cli.ts';
import { has, hasFile } from '../support/tools.ts';
import { KEY, Terminal } from '../terminal/pty.ts';
import { executable, userWhoTypes } from './typing.ts';

const TAB = '\t';
const BASH_COMPLETION = '/usr/share/bash-completion/bash_completion';
const BASH_SCRIPT = '.local/share/bash-completion/completions/twvault';
const ZSH_SCRIPT = '.local/share/zsh/site-functions/_twvault';
const FISH_SCRIPT = '.config/fish/completions/twvault.fish';

/** What the user's start file says beforehand, by situations. */
const SITUATIONS: Readonly<Record<string, { start?: { file: string; text: string } }>> = {
  bash: {},
  'bash with bash-completion': { start: { file: '.bashrc', text: `. ${BASH_COMPLETION}\n` } },
  'bash whose start file has no last line end': { start: { file: '.bashrc', text: 'MINE=1' } },
  zsh: {},
  'zsh with compinit': { start: { file: '.zshrc', text: 'autoload -U compinit; compinit -u\n' } },
  fish: {},
};

/** A user without any installation but in start files as they say. */
function userWith(situation: string): User {
  const user = userWhoTypes();
  const start = SITUATIONS[situation]?.start;
  if (start) writeFileSync(join(user.root, start.file), start.text);
  return user;
}

const read = (user: User, file: string): string => readFileSync(join(user.root, file), 'utf8');

/** A new shell of this user's, as the terminal starts it, and what a tab makes of a line. */
async function completed(user: User, shell: string, line: string): Promise<string> {
  const terminal = new Terminal(user, shell, ['-i']);
  terminal.type(`echo READ''Y${KEY.enter}`);
  await terminal.until('READY');
  terminal.type(`${line}${TAB}${KEY.enter}`);
  await terminal.until('RAN[');
  return terminal.until(']');
}

for (const situation of Object.keys(SITUATIONS)) {
  const shell = situation.split(' ')[0] as string;
  const isThere =
    has(shell, `completion installed in ${situation}`) &&
    (!situation.includes('bash-completion') ||
      hasFile(BASH_COMPLETION, `completion installed in ${situation}`));
  describe.skipIf(!isThere)(`completion installed in ${situation}`, () => {
    it('completes in a new shell, and no more once it is taken away', async () => {
      const user = userWith(situation);
      const env = { SHELL: `/bin/${shell}` };
      const { stderr } = user.must(['completion', 'install'], { env });
      expect(stderr).toMatch(/put it into .*twvault/);
      expect(await completed(user, shell, 'twvault get br')).toBe('<get><brand>');
      user.must(['completion', 'uninstall'], { env });
      expect(await completed(user, shell, 'twvault get br')).toBe('<get><br>');
    });

    it('changes nothing the second time, and leaves start files as they were', () => {
      const user = userWith(situation);
      const files = ['.bashrc', '.zshrc', BASH_SCRIPT, ZSH_SCRIPT, FISH_SCRIPT];
      const state = () =>
        files.map((file) => {
          const path = join(user.root, file);
          return existsSync(path) ? [file, statSync(path).ino, read(user, file)] : [file];
        });
      const texts = () => state().map(([file, , text]) => [file, text]);
      const before = texts();
      user.must(['completion', 'install', shell]);
      const installed = state();
      expect(user.must(['completion', 'install', shell]).stderr).toBe(
        `twvault: ${shell} completes twvault already\n`,
      );
      expect(state()).toEqual(installed);
      user.must(['completion', 'uninstall', shell]);
      expect(texts()).toEqual(before);
      expect(user.must(['completion', 'uninstall', shell]).stderr).toMatch(/there is no completion/);
    });
  });
}

describe('completion install', () => {
  it('needs no line in a start file that loads bash-completion', () => {
    const user = new User();
    writeFileSync(join(user.root, 'bash_completion'), '');
    const start = `# . /nowhere\n[ -r ${user.root}/bash_completion ] && . ${user.root}/bash_completion\n`;
    writeFileSync(join(user.root, '.bashrc'), start);
    user.must(['completion', 'install', 'bash']);
    expect(read(user, '.bashrc')).toBe(start);
    for (const idle of [`# . ${user.root}/bash_completion\n`, '. /nonesuch/bash_completion\n']) {
      writeFileSync(join(user.root, '.bashrc'), idle);
      user.must(['completion', 'install', 'bash']);
      expect(read(user, '.bashrc')).toMatch(/# >>> twvault completion/);
    }
  });

  it("overwrites no file of somebody else's, nor takes it away", () => {
    const user = new User();
    for (const [shell, file] of [
      ['bash', BASH_SCRIPT],
      ['zsh', ZSH_SCRIPT],
      ['fish', FISH_SCRIPT],
    ] as const) {
      mkdirSync(join(user.root, file, '..'), { recursive: true });
      writeFileSync(join(user.root, file), '# mine\n');
      const { status, stderr } = user.run(['completion', 'install', shell]);
      expect([status, stderr]).toEqual([
        1,
        `twvault: ${join(user.root, file)} exists already and is not twvault's\ntwvault: hint: move it away, then try again\n`,
      ]);
      expect(user.must(['completion', 'uninstall', shell]).stderr).toMatch(/not as twvault wrote it/);
      expect(read(user, file)).toBe('# mine\n');
    }
    expect(existsSync(join(user.root, '.zshrc'))).toBe(false);
  });

  it('brings an older script and an older block up to date', () => {
    const user = new User();
    user.must(['completion', 'install', 'zsh']);
    const [start, script] = [read(user, '.zshrc'), read(user, ZSH_SCRIPT)];
    writeFileSync(join(user.root, ZSH_SCRIPT), script.replace('local line rest', 'local rest line'));
    writeFileSync(join(user.root, '.zshrc'), `first\n${start.replace('autoload', 'load')}last\n`);
    user.must(['completion', 'install', 'zsh']);
    expect(read(user, ZSH_SCRIPT)).toBe(script);
    const renewed = read(user, '.zshrc');
    expect(renewed.match(/>>> twvault/g)).toHaveLength(1);
    expect(renewed).toMatch(/^first\nlast\n# >>> twvault completion\n/);
  });

  it('writes a start file where a link leads, with the rights that it had', () => {
    const user = new User();
    writeFileSync(join(user.root, 'work/zshrc'), 'mine\n', { mode: 0o640 });
    symlinkSync('work/zshrc', join(user.root, '.zshrc'));
    user.must(['completion', 'install', 'zsh']);
    expect(lstatSync(join(user.root, '.zshrc')).isSymbolicLink()).toBe(true);
    expect(read(user, 'work/zshrc')).toMatch(/^mine\n# >>> twvault/);
    expect(statSync(join(user.root, 'work/zshrc')).mode & 0o777).toBe(0o640);
  });

  it('goes where the environment puts such files, whatever their names', () => {
    const user = new User();
    const odd = join(user.root, "it's é $HOME");
    mkdirSync(odd);
    const env = { XDG_DATA_HOME: odd, XDG_CONFIG_HOME: odd, ZDOTDIR: odd };
    for (const shell of ['bash', 'zsh', 'fish']) user.must(['completion', 'install', shell], { env });
    const start = readFileSync(join(odd, '.zshrc'), 'utf8');
    expect(start).toContain(`fpath+=('${user.root}/it'\\''s é $HOME/zsh/site-functions')`);
    expect(existsSync(join(odd, 'bash-completion/completions/twvault'))).toBe(true);
    expect(existsSync(join(odd, 'fish/completions/twvault.fish'))).toBe(true);
    user.must(['completion', 'uninstall', 'bash'], { env });
    expect(existsSync(join(user.root, '.bashrc'))).toBe(false);
  });

  it('asks every PowerShell for its start file', () => {
    const user = new User();
    const bin = join(user.root, 'bin');
    mkdirSync(bin);
    const [seven, five] = [
      join(user.root, 'PowerShell/profile.ps1'),
      join(user.root, 'Windows é/profile.ps1'),
    ];
    const answer = (path: string) => `#!/bin/sh\necho ${Buffer.from(path).toString('base64')}\n`;
    executable(join(bin, 'pwsh'), answer(seven));
    executable(join(bin, 'powershell'), answer(five));
    const env = { PATH: `${bin}:${user.env.PATH}`, SHELL: '/opt/bin/pwsh' };
    user.must(['completion', 'install'], { env });
    for (const profile of [seven, five]) {
      expect(readFileSync(profile, 'utf8')).toMatch(
        /\. \(Join-Path \$PSScriptRoot twvault\.completion\.ps1\)/,
      );
      const script = readFileSync(join(profile, '../twvault.completion.ps1'), 'utf8');
      expect(script).toBe(user.must(['completion', 'powershell']).stdout);
    }
    user.must(['completion', 'uninstall'], { env });
    expect([existsSync(seven), existsSync(join(five, '../twvault.completion.ps1'))]).toEqual([false, false]);

    writeFileSync(seven, Buffer.from('\ufeff# mine\r\n', 'utf16le'));
    const { status, stderr } = user.run(['completion', 'install'], { env });
    expect([status, stderr.split('\n')[0]]).toEqual([
      1,
      `twvault: ${seven} is written in UTF-16, which twvault does not change`,
    ]);
    executable(join(bin, 'pwsh'), '#!/bin/sh\nexit 1\n');
    expect(user.run(['completion', 'install'], { env }).stderr).toMatch(
      /does not say where its start file is/,
    );
  });

  it('has to be told a shell that it cannot tell', () => {
    const user = new User();
    expect(user.run(['completion', 'install']).stderr).toMatch(/which shell\? SHELL is not set/);
    const { status, stderr } = user.run(['completion', 'install'], { env: { SHELL: '/bin/dash' } });
    expect([status, stderr]).toEqual([
      2,
      'twvault: which shell? SHELL is /bin/dash\ntwvault: hint: name one: bash, zsh, fish, powershell\n',
    ]);
    expect(user.run(['completion', 'install', 'nonesuch']).status).toBe(2);
  });
});

it('the shell is the one that SHELL names, on Windows PowerShell without it', () => {
  const found = (SHELL: string | undefined, platform: NodeJS.Platform) => shellOf({ SHELL }, platform);
  expect(found('/usr/local/bin/fish', 'linux')).toBe('fish');
  expect(found('/usr/bin/pwsh', 'darwin')).toBe('powershell');
  expect(found('/usr/bin/ksh', 'linux')).toBeUndefined();
  expect(found(undefined, 'linux')).toBeUndefined();
  expect(found(undefined, 'win32')).toBe('powershell');
  expect(found('/usr/bin/bash.exe', 'win32')).toBe('bash');
});
