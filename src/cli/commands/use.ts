import { Command } from 'commander';
import { profileName } from '../../profile/names.ts';
import { findProjectFile } from '../../project/project-file.ts';
import { Editor } from '../../vault/editor.ts';
import { bindHere } from '../bind-here.ts';
import { type Context, vaultOf } from '../context.ts';
import { hint, say } from '../voice.ts';

export function command(context: Context): Command {
  return new Command('use')
    .description('make a profile the default, here or everywhere')
    .argument('<profile>')
    .option('--here', 'for this folder only: writes .twvault.json, which is safe to commit')
    .addHelpText('after', EXAMPLES)
    .action((name: string, options: { here?: boolean }) =>
      use(context, profileName(name), options.here === true),
    );
}

async function use(context: Context, name: string, isHere: boolean): Promise<void> {
  const vault = await vaultOf(context);
  if (isHere) {
    await bindHere(context, vault, name);
    return;
  }
  await new Editor(vault).setDefault(name);
  say(`${name} is the default profile`);
  const overruled = context.env.TWVAULT_PROFILE ? 'TWVAULT_PROFILE' : findProjectFile(context.cwd());
  if (overruled !== undefined) hint(`here, ${overruled} has precedence over the default`);
}

const EXAMPLES = `
Examples:
  twvault use personal
  twvault use brand --here`;
