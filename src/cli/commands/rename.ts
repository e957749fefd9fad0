import { Command } from 'commander';
import { Failure } from '../../failure.ts';
import { profileName } from '../../profile/names.ts';
import { projectOf } from '../../project/project-file.ts';
import { Editor } from '../../vault/editor.ts';
import { type Context, vaultOf } from '../context.ts';
import { hint, say } from '../voice.ts';

export function command(context: Context): Command {
  return new Command('rename')
    .description('give a profile another name; the default and inheriting profiles follow')
    .argument('<from>')
    .argument('<to>')
    .addHelpText('after', EXAMPLES)
    .action((from: string, to: string) => rename(context, profileName(from), profileName(to)));
}

async function rename(context: Context, from: string, to: string): Promise<void> {
  const vault = await vaultOf(context);
  await new Editor(vault).rename(from, to);
  say(`${from} is now ${to}`);
  const bound = bindingTo(from, context.cwd());
  if (bound !== undefined) hint(`${bound} still names ${from}: change it there`);
}

/** The project file that rules here, where it names the profile. One that is refused has its say when it is used. */
function bindingTo(name: string, cwd: string): string | undefined {
  try {
    const project = projectOf(cwd);
    return project?.profile === name || project?.profiles?.includes(name) ? project.path : undefined;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

const EXAMPLES = `
A .twvault.json that names the old profile has to be changed by hand: for the one of
this folder, a hint says so.

Examples:
  twvault rename personal main`;
