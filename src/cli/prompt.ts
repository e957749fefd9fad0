import { confirm, isCancel, password, select, text } from '@clack/prompts';
import { cancelled, Failure } from '../failure.ts';
import { Secret } from '../profile/secret.ts';
import { ENDING } from '../system/signals.ts';
import { openTerminal, type TerminalStreams } from '../system/terminal.ts';

/** Over the empty line that stands where a value would be shown. */
const LINE_UP = '\x1b[1A';

/** Asks for a value without echo; an empty answer is an empty secret. */
export async function askSecret(question: string): Promise<Secret> {
  const answer = await dialogue<string>(async (streams) => {
    const typed = await password({ ...streams, message: question, mask: '', withGuide: false });
    streams.output.write(LINE_UP);
    return typed;
  });
  return new Secret(answer ?? '');
}

/**
 * Asks for a text that may show, with a proposal to be edited.
 * @param complaint what is wrong with an answer, if anything
 */
export async function askText(
  question: string,
  proposal: string,
  complaint: (answer: string) => string | undefined,
): Promise<string> {
  return dialogue<string>((streams) =>
    text({
      ...streams,
      message: question,
      initialValue: proposal,
      validate: (answer) => complaint(answer ?? ''),
      withGuide: false,
    }),
  );
}

/** Asks for yes or no. @param proposal what Enter alone means */
export async function askConfirmation(question: string, proposal = false): Promise<boolean> {
  return dialogue<boolean>((streams) =>
    confirm({ ...streams, message: question, initialValue: proposal, withGuide: false }),
  );
}

export interface Option<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

/** Asks for one of several answers. */
export async function askChoice<Value extends string>(
  question: string,
  options: readonly Option<Value>[],
): Promise<Value> {
  const rows = options.map(({ value, label }) => ({ value: value as string, label }));
  return (await dialogue<string>((streams) =>
    select({ ...streams, message: question, options: rows, withGuide: false }),
  )) as Value;
}

/** Writes to the terminal during a dialogue. */
export function tell(message: string): void {
  const terminal = kept ?? openTerminal();
  terminal.output.write(`${message}\n`);
  if (terminal !== kept) terminal.close();
}

let kept: TerminalStreams | undefined;

/**
 * Keeps the terminal silent from one question to the next, so that what is typed or pasted ahead does not show.
 * Between questions an interrupt waits for the next one: only for work that is short.
 */
export async function keepTerminal<T>(work: () => Promise<T>): Promise<T> {
  if (kept) return work();
  const terminal = openTerminal();
  kept = terminal;
  try {
    return await work();
  } finally {
    kept = undefined;
    terminal.close();
  }
}

type Streams = Pick<TerminalStreams, 'input' | 'output'> & { signal: AbortSignal };

async function dialogue<T>(ask: (streams: Streams) => Promise<T | symbol>): Promise<T> {
  const terminal = kept ?? openTerminal();
  const { input, output } = terminal;
  const abort = new AbortController();
  let ended: number | undefined;
  // The terminal is put back before the process ends.
  const handlers = Object.entries(ENDING).map(([signal, number]) => {
    const onSignal = (): void => {
      ended = number;
      abort.abort();
    };
    process.on(signal, onSignal);
    return () => process.off(signal, onSignal);
  });
  try {
    const answer = await ask({ input, output, signal: abort.signal });
    if (ended !== undefined) throw new Failure(128 + ended, 'interrupted');
    if (isCancel(answer)) throw cancelled();
    return answer as T;
  } finally {
    for (const remove of handlers) remove();
    if (terminal !== kept) terminal.close();
  }
}
