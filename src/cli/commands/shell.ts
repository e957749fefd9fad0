import { Command } from 'commander';
import { Failure, failed, usage } from '../../failure.ts';
import { printable } from '../../profile/names.ts';
import { type Context, chosen, vaultOf } from '../context.ts';
import { prepare, run } from '../exec/exec.ts';
import { addExecOptions, type ExecValues } from '../exec/options.ts';
import { startOf } from '../shell/shells.ts';

interface Options extends ExecValues {
  readonly nest?: boolean;
}

export function command(context: Context): Command {
  const definition = new Command('shell')
    .description("open a shell with a profile's keys in its environment, which its prompt says")
    .argument('[profile]', 'the one that exec would use, if not given');
  return addExecOptions(definition)
    .option('--nest', 'also from within such a shell')
    .addHelpText('after', EXAMPLES)
    .action((name: string | undefined, options: Options) => shell(context, name, options));
}

async function shell(context: Context, argument: string | undefined, options: Options): Promise<void> {
  refuseNesting(context, options);
  const option = oneOf(argument === undefined ? [] : [argument], options.profile ?? []);
  const { name } = await chosen(context, await vaultOf(context), option);
  const { program, args, env } = startOf(context.env, name, context.home);
  // What twvault itself does in that shell, it does with the profile that the prompt names.
  const marked = { ...context.env, ...env, TWVAULT_SHELL: name, TWVAULT_PROFILE: name };
  const prepared = await prepare(
    { only: [], without: [], env: [], envFile: [], ...options, profile: [name], command: [program, ...args] },
    { ...context, env: marked },
  );
  const status = await run(prepared);
  if (status !== 0) throw new Failure(status, '');
}

function refuseNesting({ env }: Context, { nest }: Options): void {
  if (!env.TWVAULT_SHELL || nest) return;
  throw failed(`this is already a twvault shell, of ${printable(env.TWVAULT_SHELL)}`, [
    "leave it first ('exit'), or open one within it with --nest",
  ]);
}

/** @throws Failure exit 2 where the argument and -p name two profiles */
function oneOf(argument: readonly string[], option: readonly string[]): string | undefined {
  const [name, ...others] = new Set([...argument, ...option]);
  if (others.length === 0) return name;
  throw usage('two profiles: a shell has one');
}

const EXAMPLES = `
The shell is the one in SHELL, else /bin/sh, with its usual start files; bash, zsh, fish and sh show (twvault:NAME) before
their prompt. TWVAULT_SHELL and TWVAULT_PROFILE hold the profile's name. Its exit status is twvault's.

Everything that is started in that shell gets the keys: for a single program, exec is the better choice.

Examples:
  twvault shell
  twvault shell brand --as tutorial
  twvault shell brand --only bearer_token`;
