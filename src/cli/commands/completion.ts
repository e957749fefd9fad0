import { Argument, Command } from 'commander';
import { usage } from '../../failure.ts';
import { printable } from '../../profile/names.ts';
import { SHELLS, type Shell, scriptOf } from '../completion/scripts.ts';
import type { Context } from '../context.ts';
import { print, say, warn } from '../voice.ts';

export function command(context: Context): Command {
  const completion = new Command('completion')
    .description('complete commands, options and names of profiles in your shell')
    .addHelpText('after', HELP);
  completion
    .command('install')
    .description('put the script where new shells find it')
    .addArgument(shellArgument())
    .addHelpText('after', INSTALL_HELP)
    .action((shell: Shell | undefined) => install(context, shell));
  completion
    .command('uninstall')
    .description('take it away again')
    .addArgument(shellArgument())
    .addHelpText('after', UNINSTALL_EXAMPLES)
    .action((shell: Shell | undefined) => uninstall(context, shell));
  for (const shell of SHELLS) {
    completion
      .command(shell)
      .description(`print the script for ${shell}`)
      .action(() => print(scriptOf(shell)));
  }
  return completion;
}

const shellArgument = (): Argument =>
  new Argument('[shell]', 'the one that SHELL names, if not given').choices(SHELLS);

async function install(context: Context, named: Shell | undefined): Promise<void> {
  const { completeIn } = await import('../completion/aloud.ts');
  await completeIn(named ?? (await ownShell(context)), context.env);
}

async function uninstall(context: Context, named: Shell | undefined): Promise<void> {
  const { uninstallCompletion } = await import('../completion/install.ts');
  const shell = named ?? (await ownShell(context));
  const { changed, left } = await uninstallCompletion(shell, context.env);
  for (const file of changed) say(`took it out of ${file}`);
  for (const file of left) warn(`${file} is not as twvault wrote it, and was left`);
  if (changed.length + left.length === 0) say(`there is no completion of twvault's for ${shell}`);
}

async function ownShell({ env }: Context): Promise<Shell> {
  const { shellOf } = await import('../completion/install.ts');
  const shell = shellOf(env);
  if (shell) return shell;
  const found = env.SHELL ? `SHELL is ${printable(env.SHELL)}` : 'SHELL is not set';
  throw usage(`which shell? ${found}`, [`name one: ${SHELLS.join(', ')}`]);
}

const HELP = `
It completes commands, options and their values, names of profiles, fields and extras, files, and the command line that
exec runs. What it knows of the vault comes from the index: nothing is unlocked, and no keychain is asked.

Examples:
  twvault completion install
  twvault completion uninstall
  source <(twvault completion bash)         only for this shell`;

const INSTALL_HELP = `
  bash         bash-completion's folder for the user; a line in ~/.bashrc too, where that does not load bash-completion
  zsh          a function in ~/.local/share/zsh/site-functions, and a few lines at the end of ~/.zshrc
  fish         ~/.config/fish/completions
  powershell   a file beside $PROFILE, and a line in it

A second time it brings the script up to date. A file that is not twvault's is never overwritten.

Examples:
  twvault completion install
  twvault completion install zsh`;

const UNINSTALL_EXAMPLES = `
Examples:
  twvault completion uninstall
  twvault completion uninstall zsh`;
