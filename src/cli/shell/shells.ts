import { basename, join } from 'node:path';
import type { Variables } from '../../system/paths.ts';

/** How a shell is started so that its prompt names the profile. Whether it is interactive, its terminal tells it. */
export interface Start {
  readonly program: string;
  readonly args: readonly string[];
  /** Further variables for it. They hold no secret. */
  readonly env: Variables;
}

const startFile = (name: string): string => join(import.meta.dirname, '../shell/start', name);

/** Each kind of shell: the user's own start files come first, and its prompt is changed after them. */
const KINDS: Readonly<Record<string, (env: Variables) => Omit<Start, 'program'>>> = {
  bash: () => ({ args: ['--rcfile', startFile('bash.sh')], env: {} }),
  zsh: (env) => ({ args: [], env: { ZDOTDIR: startFile('zsh'), TWVAULT_SHELL_ZDOTDIR: env.ZDOTDIR } }),
  fish: () => ({ args: ['--init-command', `source '${startFile('fish.fish')}'`], env: {} }),
  sh: (env) => ({ args: [], env: { ENV: startFile('sh.sh'), TWVAULT_SHELL_ENV: env.ENV } }),
};

/** Other names of shells of a kind. Whatever is not known is started as it is. */
const ALIASES: Readonly<Record<string, string>> = { dash: 'sh', ash: 'sh', ksh: 'sh', mksh: 'sh' };

/** The user's shell, and how to start it. */
export function startOf(env: Variables, profile: string): Start {
  if (process.platform === 'win32') return windowsStart(env, profile);
  const program = env.SHELL || '/bin/sh';
  const name = basename(program);
  const kind = KINDS[ALIASES[name] ?? name];
  return { program, ...(kind?.(env) ?? { args: [], env: {} }) };
}

/** cmd.exe takes its prompt from a variable, and hands it on. */
function windowsStart(env: Variables, profile: string): Start {
  const prompt = env.PROMPT || '$P$G';
  return { program: env.ComSpec || 'cmd.exe', args: [], env: { PROMPT: `(twvault:${profile}) ${prompt}` } };
}
