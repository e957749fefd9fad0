import type { Command } from 'commander';
import { bold, item, plain, prose, section, subsection, usage } from './roff.mts';

/** What every page says at its head and its end. */
export interface Edition {
  readonly version: string;
  /** YYYY-MM-DD. */
  readonly date: string;
  /** Rows of the tables in docs/format.md. */
  readonly exitCodes: readonly Row[];
  /** What exec's exit status is. */
  readonly ofExec: string;
  readonly variables: readonly Row[];
  readonly files: readonly Row[];
  /** Where the vault is. */
  readonly home: string;
}

export type Row = readonly [name: string, about: string];

/** The page of the program. */
export function mainPage(program: Command, edition: Edition): string {
  const pages = program.commands.map((command) => item(bold(pageName(command)), command.description()));
  return page(program, edition, [
    ...section('COMMANDS', [
      'Each has a page of its own, which',
      `${bold('man twvault-NAME')} shows.`,
      ...pages.flat(),
    ]),
    ...options('OPTIONS', program),
    ...section('EXIT STATUS', [
      ...edition.exitCodes.flatMap(([code, about]) => item(code, about)),
      ...prose(edition.ofExec),
    ]),
    ...section(
      'ENVIRONMENT',
      edition.variables.flatMap(([name, about]) => item(bold(name), about)),
    ),
    ...section('FILES', [
      ...prose(edition.home),
      ...edition.files.flatMap(([name, about]) => item(bold(name), about)),
    ]),
  ]);
}

/** The page of one command, with those below it. */
export function commandPage(command: Command, edition: Edition): string {
  return page(command, edition, [
    ...argumentsOf(command),
    ...options('OPTIONS', command),
    ...section('COMMANDS', command.commands.flatMap(inner)),
  ]);
}

function page(command: Command, { version, date }: Edition, middle: readonly string[]): string {
  const name = pageName(command);
  const { text, examples } = helpText(command);
  const lines = [
    `.TH "${plain(name.toUpperCase())}" 1 "${date}" "twvault ${version}" "twvault"`,
    // Names of variables and files in one piece, and no wide gaps between words.
    '.nh',
    '.ad l',
    ...section('NAME', [`${plain(name)} \\- ${plain(phrase(command.description()))}`]),
    ...section('SYNOPSIS', [synopsis(command)]),
    ...section('DESCRIPTION', [plain(sentence(command.description())), ...prose(text)]),
    ...middle,
    ...section('EXAMPLES', examples === '' ? [] : prose(examples)),
    ...section('SEE ALSO', seeAlso(command)),
  ];
  return `${lines.join('\n')}\n`;
}

/** `twvault-exec`; of the program `twvault`. */
export function pageName(command: Command): string {
  return command.parent ? `${pageName(command.parent)}-${command.name()}` : command.name();
}

const synopsis = (command: Command): string => usage(command.createHelp().commandUsage(command));

const phrase = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1).replace(/\.$/, '')}`;
const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.?$/, '.')}`;

function seeAlso(command: Command): string[] {
  if (!command.parent) return ['README.md beside the program;', 'SECURITY.md and docs/ in its repository.'];
  const mentioned = new Set(whole(command).match(/(?<=twvault )[a-z]+/g));
  const others = command.parent.commands.filter((other) => other !== command && mentioned.has(other.name()));
  const names = [command.parent, ...others].map((other) => `${bold(pageName(other))}(1)`);
  return names.map((name, at) => (at < names.length - 1 ? `${name},` : name));
}

function argumentsOf(command: Command): string[] {
  const described = command.registeredArguments.filter(
    ({ description, argChoices }) => description || argChoices,
  );
  const help = command.createHelp();
  return section(
    'ARGUMENTS',
    described.flatMap((argument) => item(usage(`<${argument.name()}>`), help.argumentDescription(argument))),
  );
}

function optionItems(command: Command): string[] {
  const help = command.createHelp();
  const visible = help.visibleOptions(command);
  return visible.flatMap((option) => item(usage(option.flags), help.optionDescription(option)));
}

const options = (title: string, command: Command): string[] => section(title, optionItems(command));

/** A command below another one: in its page, with all that its own help says. */
function inner(command: Command): string[] {
  const help = command.createHelp();
  const described = command.registeredArguments.flatMap((argument) => {
    const about = help.argumentDescription(argument);
    return about ? item(usage(`<${argument.name()}>`), about) : [];
  });
  const { text, examples } = helpText(command);
  return subsection(help.commandUsage(command), [
    plain(sentence(command.description())),
    ...prose(text),
    ...described,
    ...optionItems(command),
    ...(examples === '' ? [] : ['.PP', 'Examples:', ...prose(examples)]),
  ]);
}

/** What the help says behind the options, and its examples. */
function helpText(command: Command): { text: string; examples: string } {
  const [text = '', examples = ''] = whole(command)
    .slice(command.helpInformation().length)
    .split(/^Examples:\n/m);
  const [own = '', after = ''] = examples.split(/\n\n(?=\S)/);
  return {
    text: [text.replace(/^\n+|\s+$/g, ''), after.trim()].filter(Boolean).join('\n\n'),
    examples: own.trimEnd(),
  };
}

/** All of a command's help, as it prints it. */
function whole(command: Command): string {
  let printed = '';
  const before = command.configureOutput();
  command.configureOutput({
    writeOut: (text) => {
      printed += text;
    },
  });
  command.outputHelp();
  command.configureOutput(before);
  return printed;
}
