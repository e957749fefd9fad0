import { Argument, Command } from 'commander';
import { shellText } from '#installation/shell-files';
import { print } from '../voice.ts';

/** Each shell, and what its script's name ends in. */
const SHELLS = { bash: 'bash', zsh: 'zsh', fish: 'fish', powershell: 'ps1' } as const;
type Shell = keyof typeof SHELLS;

export function command(): Command {
  return new Command('completion')
    .description('print the script that completes twvault in a shell')
    .addArgument(new Argument('<shell>').choices(Object.keys(SHELLS)))
    .addHelpText('after', EXAMPLES)
    .action((shell: Shell) => print(scriptOf(shell)));
}

function scriptOf(shell: Shell): string {
  return shellText(`completion/twvault.${SHELLS[shell]}`);
}

const EXAMPLES = `
It completes commands, options and their values, names of profiles, fields and extras, files, and the command line that
exec runs. What it knows of the vault comes from the index: nothing is unlocked, and no keychain is asked.

Examples:
  echo 'source <(twvault completion bash)' >> ~/.bashrc
  echo 'source <(twvault completion zsh)' >> ~/.zshrc              after compinit
  twvault completion fish > ~/.config/fish/completions/twvault.fish
  twvault completion powershell >> $PROFILE`;
