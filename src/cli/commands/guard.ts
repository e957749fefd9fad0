import { Command } from 'commander';
import { failed } from '../../failure.ts';
import type { Guard } from '../../guard/guard.ts';
import { forgetProgram } from '../../guard/program.ts';
import type { Context } from '../context.ts';
import {
  confirmShared,
  guardsHere,
  installGuard,
  isGuarded,
  type Options,
  placeOf,
  tellNotes,
} from '../guarding.ts';
import { print, printJson, say, warn } from '../voice.ts';

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

async function install(context: Context, options: Options): Promise<void> {
  await installGuard(context, await guardsHere(context), options);
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
    tellNotes(done);
  }
  forgetProgram(placeOf(context));
}

async function status(context: Context, { json }: { json?: boolean }): Promise<void> {
  const guards = await guardsHere(context);
  const { all, idle } = guards;
  const installed = all.filter((guard) => guard.isInstalled());
  const isActive = isGuarded(guards);
  const files = installed.map(({ kind, file }) => ({ kind, file }));
  if (json) return printJson({ active: isActive, guards: files, ...(idle === undefined ? {} : { idle }) });
  if (isActive) print(installed.map((guard) => `${lineOf(guard)}\n`).join(''));
  else throw failed('commits in this repository are not checked', ['twvault guard install']);
}

const NAMES = { hook: 'git hook', husky: 'husky', lefthook: 'lefthook', 'pre-commit': 'pre-commit' } as const;
const lineOf = ({ kind, file }: Guard): string => `${NAMES[kind]}: ${file}`;

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
