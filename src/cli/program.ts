import { Command, CommanderError } from 'commander';
import { version } from '../../package.json';
import { EXIT, Failure } from '../failure.ts';
import { printable } from '../profile/names.ts';
import { COMMANDS, type CommandName } from './commands/registry.ts';
import type { Context } from './context.ts';
import { NOT_STARTED } from './exec/exec.ts';
import { print, printJson } from './voice.ts';

/**
 * Runs a command line other than the short form of exec.
 * @returns the exit code
 * @throws Failure
 */
export async function runProgram(argv: readonly string[], context: Context): Promise<number> {
  if (asksForVersionReport(argv)) {
    const { versionReport } = await import('./version.ts');
    printJson(versionReport());
    return EXIT.done;
  }
  const program = await buildProgram(argv[0], context);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.done;
    throw usageFailure(error, argv);
  }
}

/** commander prints the version as soon as it reads the option, whatever follows. */
const asksForVersionReport = (argv: readonly string[]): boolean =>
  /^((-V|--version) --json|--json (-V|--version))$/.test(argv.join(' '));

/** Loads the one command that was asked for, or all of them for the help. */
export async function buildProgram(first: string | undefined, context: Context): Promise<Command> {
  const program = new Command('twvault')
    .description('Keeps the keys of X (Twitter) bots encrypted, and runs programs with them.')
    .version(version, '-V, --version', 'print the version; with --json also what it runs on')
    .helpOption('-h, --help', 'explain a command')
    .enablePositionalOptions()
    .addHelpText('after', OVERVIEW);
  const names = isCommandName(first) ? [first] : (Object.keys(COMMANDS) as CommandName[]);
  for (const name of names) program.addCommand((await COMMANDS[name]()).command(context));
  return configure(program);
}

/** A command and those below it: errors are thrown, and what there is to print goes the way of all data. */
function configure(command: Command): Command {
  command.exitOverride().configureOutput({ writeOut: print, writeErr: () => {} });
  command.helpOption('-h, --help', 'explain this command').showSuggestionAfterError(true);
  command.commands.forEach(configure);
  return command;
}

const OVERVIEW = `
Without a command, twvault says where you stand and what to do next (--json: as JSON).

Examples:
  twvault setup                             from nothing to a running bot, step by step
  twvault add personal                      store an account's keys, asked for one by one
  twvault exec -p personal -- node bot.js   run a program with them
  twvault use personal                      make that account the default

'twvault COMMAND --help' has more examples.`;

function isCommandName(text: string | undefined): text is CommandName {
  return text !== undefined && Object.hasOwn(COMMANDS, text);
}

/**
 * What commander has to say, in twvault's voice. Its messages quote arguments whole; a value given in the wrong place
 * must not be repeated.
 */
function usageFailure(error: CommanderError, argv: readonly string[]): Failure {
  const [name] = argv;
  const code = name === 'exec' ? NOT_STARTED : EXIT.usage;
  if (error.code === 'commander.help') return new Failure(code, 'no command given', ['twvault --help']);
  const [text = '', ...more] = error.message.replace(/^error: /, '').split('\n');
  const message = text.replace(
    /'([^']*)'/g,
    (_, quoted: string) => `'${printable(quoted.split('=')[0] ?? '')}'`,
  );
  const suggestions = more.map((line) => line.replace(/[()]/g, '').toLowerCase());
  return new Failure(code, message.replace(/\.$/, ''), [...suggestions, ...extraHints(error, name)]);
}

function extraHints(error: CommanderError, name: string | undefined): string[] {
  const help = isCommandName(name) ? `twvault ${name} --help` : 'twvault --help';
  if (error.code !== 'commander.excessArguments') return [help];
  return ['values are never arguments: they would show in the process list and the shell history', help];
}
