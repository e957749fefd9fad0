import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import type { Variables } from '../../system/paths.ts';
import { readText } from '../../system/text-file.ts';
import type { Shell } from './scripts.ts';

/** Where a shell gets its completion of twvault from. */
export interface Place {
  readonly script: string;
  /** The user's start file that loads the script, for shells that look for none by themselves. */
  readonly start?: Start;
}

interface Start {
  readonly file: string;
  readonly lines: readonly string[];
  /** False where the shell finds the script without it. */
  readonly isNeeded: boolean;
}

/**
 * The places of a shell; several for PowerShell, whose versions have a start file each.
 * @throws Failure where that shell has to be asked and is not there
 */
export async function placesOf(shell: Shell, env: Variables): Promise<Place[]> {
  const home = env.HOME || homedir();
  switch (shell) {
    case 'bash':
      return [bash(env, home)];
    case 'zsh':
      return [zsh(env, home)];
    case 'fish':
      return [
        { script: join(folder(env.XDG_CONFIG_HOME, home, '.config'), 'fish/completions/twvault.fish') },
      ];
    case 'powershell': {
      const { startFiles } = await import('../../system/powershell.ts');
      return startFiles(env).map(powershell);
    }
  }
}

/** The folder that bash-completion 2 looks into when a command is completed for the first time. */
function bash(env: Variables, home: string): Place {
  const [own] = (env.BASH_COMPLETION_USER_DIR ?? '').split(delimiter);
  const script = join(own || join(dataFolder(env, home), 'bash-completion'), 'completions/twvault');
  const file = join(home, '.bashrc');
  const lines = [`if [ -r ${quoted(script)} ]; then . ${quoted(script)}; fi`];
  return { script, start: { file, lines, isNeeded: ![file, '/etc/bash.bashrc'].some(loadsBashCompletion) } };
}

/** Whether a start file names bash-completion where it really lies. Once too often in a start file does no harm. */
function loadsBashCompletion(file: string): boolean {
  const active = (readText(file) ?? '').split('\n').filter((line) => !/^\s*#/.test(line));
  const named = active.flatMap((line) => line.match(/\/[\w./-]*\/bash_completion(?![\w.-])/g) ?? []);
  return named.some((path) => existsSync(path));
}

/**
 * No folder of the user's is in zsh's fpath by itself. The function is loaded when it is first used; a compinit that
 * comes later finds it too.
 */
function zsh(env: Variables, home: string): Place {
  const script = join(dataFolder(env, home), 'zsh/site-functions/_twvault');
  const lines = [
    `fpath+=(${quoted(dirname(script))})`,
    '(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }',
    'autoload -Uz _twvault && compdef _twvault twvault',
  ];
  return { script, start: { file: join(env.ZDOTDIR || home, '.zshrc'), lines, isNeeded: true } };
}

const BESIDE = 'twvault.completion.ps1';

/** Without a path, whose letters the start file's encoding might not have. */
function powershell(file: string): Place {
  const path = `(Join-Path $PSScriptRoot ${BESIDE})`;
  const lines = [`if (Test-Path ${path}) { . ${path} }`];
  return { script: join(dirname(file), BESIDE), start: { file, lines, isNeeded: true } };
}

const dataFolder = (env: Variables, home: string): string => folder(env.XDG_DATA_HOME, home, '.local/share');

const folder = (named: string | undefined, home: string, usual: string): string =>
  named && isAbsolute(named) ? named : join(home, usual);

/** A word for bash and zsh, whatever it holds. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
