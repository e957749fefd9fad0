import type { Argument, Command, Option } from 'commander';
import { PRESETS } from '../../profile/fields.ts';
import { SCOPE_SETS, SCOPES } from '../../x/login-scopes.ts';
import { createContext } from '../context.ts';
import { buildProgram } from '../program.ts';
import type { ArgumentEntry, CommandEntry, OptionEntry, ValueEntry } from './table.ts';

/** What completes the value that a placeholder stands for; `command placeholder` where one means something else there. */
const PLACEHOLDERS: Readonly<Record<string, ValueEntry>> = {
  profile: { kind: 'profile' },
  profiles: { kind: 'profile' },
  from: { kind: 'profile' },
  to: { kind: 'free' },
  name: { kind: 'stored' },
  'set name': { kind: 'storable' },
  'import name': { kind: 'profile' },
  preset: { kind: 'words', words: PRESETS },
  fields: { kind: 'stored-list' },
  'field,...': { kind: 'stored-list' },
  'name=field': { kind: 'mapping' },
  file: { kind: 'file' },
  files: { kind: 'file' },
  path: { kind: 'file' },
  command: { kind: 'command' },
  recipient: { kind: 'free' },
  sets: { kind: 'word-list', words: Object.keys(SCOPE_SETS) },
  scopes: { kind: 'word-list', words: SCOPES },
  time: { kind: 'free' },
  port: { kind: 'free' },
};

/** The program with all commands loaded: for the build, and for tests. */
export const wholeProgram = (): Promise<Command> => buildProgram(undefined, createContext());

/** Every command with its options and arguments. */
export async function describeProgram(): Promise<CommandEntry> {
  return entryOf(await wholeProgram());
}

function entryOf(command: Command): CommandEntry {
  const options = command.createHelp().visibleOptions(command);
  return {
    about: command.description(),
    options: options.map((option) => optionEntry(option, command.name())),
    arguments: command.registeredArguments.map((argument) => argumentEntry(argument, command.name())),
    commands: Object.fromEntries(command.commands.map((inner) => [inner.name(), entryOf(inner)])),
  };
}

function optionEntry(option: Option, command: string): OptionEntry {
  const flags = [option.short, option.long].filter((flag) => flag !== undefined);
  const about = option.description;
  if (!option.required && !option.optional) return { flags, about };
  const placeholder = /[<[](.+)[>\]]/.exec(option.flags)?.[1] ?? '';
  return { flags, about, value: valueEntry(placeholder, command, option.argChoices) };
}

function argumentEntry(argument: Argument, command: string): ArgumentEntry {
  const value = valueEntry(argument.name(), command, argument.argChoices);
  return argument.variadic ? { ...value, isRepeated: true } : value;
}

function valueEntry(placeholder: string, command: string, choices: string[] | undefined): ValueEntry {
  if (choices) return { kind: 'words', words: choices };
  const name = placeholder.toLowerCase();
  return PLACEHOLDERS[`${command} ${name}`] ?? PLACEHOLDERS[name] ?? { kind: 'unknown' };
}
