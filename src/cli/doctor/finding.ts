import { EXIT, Failure } from '../../failure.ts';

/** One thing that was looked at. */
export interface Finding {
  readonly status: 'ok' | 'note' | 'problem';
  readonly subject: string;
  readonly text: string;
  readonly hint?: string;
}

export const ok = (subject: string, text: string): Finding => ({ status: 'ok', subject, text });
export const note = (subject: string, text: string, hint?: string): Finding => ({
  status: 'note',
  subject,
  text,
  ...(hint === undefined ? {} : { hint }),
});
export const problem = (subject: string, text: string, hint?: string): Finding => ({
  ...note(subject, text, hint),
  status: 'problem',
});

/** What an action gave, or the one thing to say about why it gave nothing. Being locked is a state, not a fault. */
export async function attempted<T>(subject: string, action: () => Promise<T>): Promise<T | [Finding]> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const say = error.exitCode === EXIT.locked ? note : problem;
    return [say(subject, error.message, error.hints[0])];
  }
}
