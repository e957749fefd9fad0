import table from 'virtual:command-table';
import { print } from '../voice.ts';
import { type Answer, answer } from './answer.ts';
import { KnownByIndex, type Place } from './known.ts';

/**
 * Answers a shell's completion script: a line for each candidate, with a tab and what it is; then, where the shell is
 * to go on by itself, `:files` or `:command N`, N being the word at which another command line begins.
 *
 * Whatever goes wrong, there is no answer and no error: someone is typing.
 * @param argv the number of the word to complete, counted from 0, then the words after `twvault`
 */
export async function complete([at, ...words]: readonly string[], place: Place): Promise<void> {
  try {
    const last = Number(at);
    if (!Number.isInteger(last) || last < 0 || last > words.length) return;
    print(lines(await answer([...words.slice(0, last), words[last] ?? ''], table, new KnownByIndex(place))));
  } catch {}
}

function lines({ candidates, rest }: Answer): string {
  const offers = candidates.map(({ value, about }) => (about ? `${value}\t${about}\n` : `${value}\n`));
  if (rest === 'files') offers.push(':files\n');
  else if (rest) offers.push(`:command ${rest.commandAt}\n`);
  return offers.join('');
}
