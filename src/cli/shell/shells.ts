import { basename, join } from 'node:path';
import { shellFolder } from '#installation/shell-files';
import type { Variables } from '../../system/paths.ts';

/** How a shell is started so that its prompt names the profile. Whether it is interactive, its terminal tells it. */
export interface Start {
  readonly program: string;
  readonly args: readonly string[];
  /** Further variables for it. They hold no secret. */
  readonly env: Variables;
}

/** The path of a file that shells read at their start. */
type StartFile = (name: string) => string;

/** Each kind of shell: the user's own start files come first, and its prompt is changed after them. */
const KINDS: Readonly<Record<string, (file: StartFile, env: Variables) => Omit<Start, 'program'>>> = {
  bash: (file) => ({ args: ['--rcfile', file('bash.sh')], env: {} }),
  zsh: (file, env) => ({ args: [], env: { ZDOTDIR: file('zsh'), TWVAULT_SHELL_ZDOTDIR: env.ZDOTDIR } }),
  fish: (file) => ({ args: ['--init-command', `source '${file('fish.fish')}'`], env: {} }),
  sh: (file, env) => ({ args: [], env: { ENV: file('sh.sh'), TWVAULT_SHELL_ENV: env.ENV } }),
};

/** Other names of shells of a kind. Whatever is not known is started as it is. */
const ALIASES: Readonly<Record<string, string>> = { dash: 'sh', ash: 'sh', ksh: 'sh', mksh: 'sh' };

/** The user's shell, and how to start it. @param home the vault's, where the standalone binary keeps the files */
export function startOf(env: Variables, profile: string, home: string): Start {
  if (process.platform === 'win32') return windowsStart(env, profile);
  const program = env.SHELL || '/bin/sh';
  const name = basename(program);
  const kind = KINDS[ALIASES[name] ?? name];
  if (kind === undefined) return { program, args: [], env: {} };
  const folder = join(shellFolder(home), 'start');
  return { program, ...kind((file) => join(folder, file), env) };
}

/** cmd.exe takes its prompt from a variable, and hands it on. */
function windowsStart(env: Variables, profile: string): Start {
  const prompt = env.PROMPT || '$P$G';
  return { program: env.ComSpec || 'cmd.exe', args: [], env: { PROMPT: `(twvault:${profile}) ${prompt}` } };
}
