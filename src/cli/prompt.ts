import { confirm, isCancel, password, select } from '@clack/prompts';
import { cancelled, Failure } from '../failure.ts';
import { Secret } from '../profile/secret.ts';
import { openTerminal, type TerminalStreams } from '../system/terminal.ts';

/** Ends of the process while a question stands: the terminal is put back first. */
const ENDING: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGINT'];
const NUMBERS: Partial<Record<NodeJS.Signals, number>> = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };

/** Asks for a value without echo; an empty answer is an empty secret. */
export async function askSecret(question: string): Promise<Secret> {
  const answer = await dialogue<string>((streams) =>
    password({ ...streams, message: question, mask: '', withGuide: false }),
  );
  return new Secret(answer ?? '');
}

/** Asks for yes or no; no is the default. */
export async function askConfirmation(question: string): Promise<boolean> {
  return dialogue<boolean>((streams) =>
    confirm({ ...streams, message: question, initialValue: false, withGuide: false }),
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
export function tell(text: string): void {
  const { output, close } = openTerminal();
  output.write(`${text}\n`);
  close();
}

type Streams = Pick<TerminalStreams, 'input' | 'output'> & { signal: AbortSignal };

async function dialogue<T>(ask: (streams: Streams) => Promise<T | symbol>): Promise<T> {
  const { input, output, close } = openTerminal();
  const abort = new AbortController();
  let ended: NodeJS.Signals | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    ended = signal;
    abort.abort();
  };
  for (const signal of ENDING) process.on(signal, onSignal);
  try {
    const answer = await ask({ input, output, signal: abort.signal });
    if (ended) throw new Failure(128 + (NUMBERS[ended] ?? 0), 'interrupted');
    if (isCancel(answer)) throw cancelled();
    return answer as T;
  } finally {
    for (const signal of ENDING) process.off(signal, onSignal);
    close();
  }
}
