import { Command } from 'commander';
import { launcher } from '#installation/process';
import { failed, usage } from '../../failure.ts';
import { type Done, type Guard, type Guards, guardsOf } from '../../guard/guard.ts';
import { forgetProgram, rememberProgram } from '../../guard/program.ts';
import type { GitPlace } from '../../system/git.ts';
import { hasTerminal } from '../../system/terminal.ts';
import type { Context } from '../context.ts';
import { hint, print, printJson, say, warn } from '../voice.ts';

interface Options {
  readonly yes?: boolean;
}

export function command(context: Context): Command {
  const guard = new Command('guard')
    .description('stop commits that contain a credential')
    .addHelpText('after', EXAMPLES);
  guard
    .command('install')
    .description("have git run 'twvault scan --staged' before each commit in this repository")
    .option('-y, --yes', 'also in a hooks folder that other repositories use')
    .addHelpText('after', INSTALL_HELP)
    .action((options: Options) => install(context, options));
  guard
    .command('uninstall')
    .description('take the guard out again and put back what was there')
    .option('-y, --yes', 'also from a hooks folder that other repositories use')
    .addHelpText('after', UNINSTALL_EXAMPLES)
    .action((options: Options) => uninstall(context, options));
  guard
    .command('status')
    .description('say whether commits in this repository are checked, and by which file')
    .option('--json', 'as JSON')
    .addHelpText('after', STATUS_EXAMPLES)
    .action((options: { json?: boolean }) => status(context, options));
  return guard;
}

const placeOf = ({ cwd, env }: Context): GitPlace => ({ cwd: cwd(), env });
const guardsHere = (context: Context): Promise<Guards> => guardsOf(placeOf(context));

async function install(context: Context, options: Options): Promise<void> {
  const guards = await guardsHere(context);
  const { ruling, idle } = guards;
  if (ruling.kind === 'hook' || ruling.kind === 'husky') await confirmShared(guards, options);
  const program = launcher();
  const done = ruling.install(program);
  if (ruling.kind !== 'hook') rememberProgram(placeOf(context), program);
  say(
    done.isChanged
      ? `commits are checked from now on, by ${ruling.file}`
      : `commits are checked already, by ${ruling.file}`,
  );
  tell(done);
  if (idle !== undefined) {
    hint(`${idle} is configured here but runs no hooks yet: once it does, run twvault guard install again`);
  }
  hint(
    'to commit unchecked: git commit --no-verify, or TWVAULT_GUARD=off git commit to skip this check alone',
  );
}

async function uninstall(context: Context, options: Options): Promise<void> {
  const guards = await guardsHere(context);
  const installed = guards.all.filter((guard) => guard.isInstalled());
  if (installed.length === 0) throw failed('there is no guard in this repository', ['twvault guard status']);
  if (installed.some(({ kind }) => kind === 'hook' || kind === 'husky')) await confirmShared(guards, options);
  for (const guard of installed) {
    const done = guard.uninstall();
    if (done.isChanged) say(`took the guard out of ${guard.file}`);
    else warn(`${guard.file} holds only half of the guard: take it out by hand`);
    tell(done);
  }
  forgetProgram(placeOf(context));
}

async function status(context: Context, { json }: { json?: boolean }): Promise<void> {
  const { all, ruling, idle } = await guardsHere(context);
  const installed = all.filter((guard) => guard.isInstalled());
  const isActive = ruling.isInstalled() || all.some((guard) => guard.kind === 'hook' && guard.isInstalled());
  const files = installed.map(({ kind, file }) => ({ kind, file }));
  if (json) return printJson({ active: isActive, guards: files, ...(idle === undefined ? {} : { idle }) });
  if (isActive) print(installed.map((guard) => `${lineOf(guard)}\n`).join(''));
  else throw failed('commits in this repository are not checked', ['twvault guard install']);
}

const NAMES = { hook: 'git hook', husky: 'husky', lefthook: 'lefthook', 'pre-commit': 'pre-commit' } as const;
const lineOf = ({ kind, file }: Guard): string => `${NAMES[kind]}: ${file}`;

function tell({ notes }: Done): void {
  for (const note of notes) say(note);
}

/** A folder that git uses for other repositories too is changed only when the user says so. */
async function confirmShared({ folder: { folder, sharedBy } }: Guards, { yes }: Options): Promise<void> {
  if (sharedBy === undefined || yes) return;
  const text = `${folder} is outside this repository (core.hooksPath, ${sharedBy} configuration) and may serve others`;
  if (!hasTerminal()) throw usage(text, ['to change it for all of them: --yes']);
  say(text);
  const { askConfirmation } = await import('../prompt.ts');
  if (!(await askConfirmation('Change it for all of them?'))) throw failed('nothing was changed');
}

const EXAMPLES = `
Examples:
  twvault guard install
  twvault guard status
  twvault guard uninstall`;

const INSTALL_HELP = `
A hook that is there already is kept and runs first. Where husky, lefthook or the pre-commit framework run the
hooks, the check is added to their configuration, which is the project's: commit it.

A commit that is stopped says where the credential is. Then take it out of the file, for example with
'twvault import FILE --scrub', and stage the file again; or commit it all the same:
  git commit --no-verify            without any hook
  TWVAULT_GUARD=off git commit      without this check

Examples:
  twvault guard install
  twvault guard install --yes       core.hooksPath names a folder for all your repositories`;

const UNINSTALL_EXAMPLES = `
Examples:
  twvault guard uninstall`;

const STATUS_EXAMPLES = `
Examples:
  twvault guard status
  twvault guard status --json`;
