import type { ArgumentEntry, CommandEntry, OptionEntry, ValueEntry } from './table.ts';

/** What is known of the vault without opening it. */
export interface Known {
  /** The profiles, and a word on each. */
  profiles(): Promise<Candidate[]>;
  /** The fields and extras that a profile has; of the one that exec would use where undefined. */
  stored(profile: string | undefined): Promise<Candidate[]>;
  /** Those, and every other field. */
  storable(profile: string | undefined): Promise<Candidate[]>;
}

export interface Candidate {
  readonly value: string;
  readonly about: string;
}

/** What to offer for the word at the cursor. */
export interface Answer {
  readonly candidates: readonly Candidate[];
  /** What the shell itself shall complete: files, or the command that begins at this word. */
  readonly rest?: 'files' | { readonly commandAt: number };
}

const NOTHING: Answer = { candidates: [] };

/**
 * What may stand for the last of the words, which are those after `twvault`.
 * @param program the whole program; nothing is loaded to know it
 */
export async function answer(words: readonly string[], program: CommandEntry, known: Known): Promise<Answer> {
  const current = words.at(-1) ?? '';
  const position = read(words.slice(0, -1), program);
  if (!position) return NOTHING;
  const { command, pending, commandAt, isPastOptions } = position;
  if (commandAt !== undefined) return { candidates: [], rest: { commandAt } };
  if (pending?.value) return values(pending.value, current, '', position, known);
  if (!isPastOptions && current.startsWith('-')) return optionAnswer(current, position, known);
  if (Object.keys(command.commands).length > 0) return among(commandsOf(command), current);
  const next = argumentAt(command, position.words.length);
  if (next?.kind === 'command') return { candidates: [], rest: { commandAt: words.length - 1 } };
  if (next) return values(next, current, '', position, known);
  return isPastOptions ? NOTHING : among(flagsOf(command), current);
}

/** Where the cursor stands, by the words before it. */
interface Position {
  readonly command: CommandEntry;
  /** Arguments of the command so far. */
  readonly words: readonly string[];
  /** The profile that was named so far. */
  readonly profile: string | undefined;
  /** The option whose value is the word at the cursor. */
  readonly pending: OptionEntry | undefined;
  /** Where another program's command line began. */
  readonly commandAt: number | undefined;
  /** Whether `--` stands before it. */
  readonly isPastOptions: boolean;
}

function read(before: readonly string[], program: CommandEntry): Position | undefined {
  let position: Position = {
    command: program,
    words: [],
    profile: undefined,
    pending: undefined,
    commandAt: undefined,
    isPastOptions: false,
  };
  for (const [index, word] of before.entries()) {
    const next = step(position, word, index);
    if (!next) return undefined;
    if (next.commandAt !== undefined) return next;
    position = next;
  }
  return position;
}

function step(position: Position, word: string, index: number): Position | undefined {
  const { command, pending, words, isPastOptions } = position;
  if (pending)
    return { ...position, pending: undefined, profile: profileOf(pending, word) ?? position.profile };
  if (word === '--' && !isPastOptions) return { ...position, isPastOptions: true };
  if (!isPastOptions && /^-./.test(word)) {
    const { option, attached } = matchOption(command, word);
    if (option?.value && attached === undefined) return { ...position, pending: option };
    return { ...position, profile: profileOf(option, attached) ?? position.profile };
  }
  const inner = Object.hasOwn(command.commands, word) ? command.commands[word] : undefined;
  if (inner) return { ...position, command: inner, words: [] };
  if (Object.keys(command.commands).length > 0) return undefined;
  const argument = argumentAt(command, words.length);
  if (argument?.kind === 'command') return { ...position, commandAt: index };
  const profile = argument?.kind === 'profile' ? word : position.profile;
  return { ...position, words: [...words, word], profile };
}

/** An option that names the profile whose values are meant. `--inherit` names another. */
function profileOf(option: OptionEntry | undefined, value: string | undefined): string | undefined {
  return option?.flags.includes('--profile') ? value : undefined;
}

function argumentAt(command: CommandEntry, index: number): ArgumentEntry | undefined {
  const last = command.arguments.at(-1);
  return command.arguments[index] ?? (last?.isRepeated ? last : undefined);
}

/** `--long`, `--long=value`, `-s` or `-svalue`. */
function matchOption(command: CommandEntry, word: string): { option?: OptionEntry; attached?: string } {
  const at = word.startsWith('--') ? word.indexOf('=') : -1;
  const flag = word.startsWith('--') ? (at < 0 ? word : word.slice(0, at)) : word.slice(0, 2);
  const option = command.options.find(({ flags }) => flags.includes(flag));
  if (!option) return {};
  if (at >= 0) return { option, attached: word.slice(at + 1) };
  return word.length > flag.length ? { option, attached: word.slice(2) } : { option };
}

async function optionAnswer(current: string, position: Position, known: Known): Promise<Answer> {
  const at = current.startsWith('--') ? current.indexOf('=') : -1;
  if (at < 0) return among(flagsOf(position.command), current);
  const { option, attached = '' } = matchOption(position.command, current);
  if (!option?.value) return NOTHING;
  return values(option.value, attached, current.slice(0, at + 1), position, known);
}

/** What may stand for a value, each with what stands before it in the same word. */
async function values(
  entry: ValueEntry,
  current: string,
  before: string,
  { profile }: Position,
  known: Known,
): Promise<Answer> {
  const words = (entry.words ?? []).map((value) => ({ value, about: '' }));
  switch (entry.kind) {
    case 'profile':
      return among(await known.profiles(), current, before);
    case 'stored':
      return among(await known.stored(profile), current, before);
    case 'storable':
      return among(await known.storable(profile), current, before);
    case 'stored-list':
      return amongList(await known.stored(profile), current, before);
    case 'mapping': {
      const at = current.indexOf('=') + 1;
      if (at < 2) return NOTHING;
      return among(await known.stored(profile), current.slice(at), before + current.slice(0, at));
    }
    case 'words':
      return among(words, current, before);
    case 'word-list':
      return amongList(words, current, before);
    case 'file':
      return { candidates: [], rest: 'files' };
    default:
      return NOTHING;
  }
}

function among(candidates: readonly Candidate[], current: string, before = ''): Answer {
  const fitting = candidates.filter(({ value }) => value.startsWith(current));
  return { candidates: fitting.map(({ value, about }) => ({ value: before + value, about })) };
}

/** The last of several words with commas, none twice. */
function amongList(candidates: readonly Candidate[], current: string, before: string): Answer {
  const at = current.lastIndexOf(',') + 1;
  const taken = new Set(current.slice(0, at).split(','));
  const free = candidates.filter(({ value }) => !taken.has(value));
  return among(free, current.slice(at), before + current.slice(0, at));
}

const commandsOf = ({ commands }: CommandEntry): Candidate[] =>
  Object.entries(commands).map(([value, { about }]) => ({ value, about }));

const flagsOf = ({ options }: CommandEntry): Candidate[] =>
  options.flatMap(({ flags, about }) => flags.map((value) => ({ value, about })));
