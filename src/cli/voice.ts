import { writeSync } from 'node:fs';
import { EXIT, Failure, systemCode } from '../failure.ts';
import { onOneLine } from './one-line.ts';

/** The reader of standard output went away: not an error of ours, and nothing more to say. */
const BROKEN_PIPE = 141;

/**
 * Writes data to standard output, all of it, now. Synchronous, so that a full disk or a closed pipe is noticed before
 * the process ends, and so that no stream object changes the mode of a descriptor that a child will inherit.
 * @throws Failure where it cannot be written
 */
export function print(data: string | Uint8Array): void {
  try {
    writeAll(1, data);
  } catch (error) {
    if (systemCode(error) === 'EPIPE') throw new Failure(BROKEN_PIPE, '');
    throw new Failure(EXIT.failed, `cannot write to standard output: ${(error as Error).message}`, [], error);
  }
}

/** Prints a value as JSON, the form of every `--json` report. */
export function printJson(value: unknown): void {
  print(`${JSON.stringify(value, null, 2)}\n`);
}

/** Says something to the person: one line on standard error, whatever a file or a folder in it is called. */
export const say = (message: string): void => sayLines([message]);

function sayLines(lines: readonly string[]): void {
  try {
    writeAll(2, `twvault: ${lines.map(onOneLine).join('\n')}\n`);
  } catch {
    // Nobody is listening, which must not change what the command does.
  }
}

export const warn = (message: string): void => say(`warning: ${message}`);
export const hint = (message: string): void => say(`hint: ${message}`);

/** What to do about a fault of twvault's own. */
export const REPORT = 'TWVAULT_DEBUG=1 shows where it happened; please report it';

/** The kind of an unexpected error. Its message may quote data, so it is not shown. */
export const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');

/** Says what went wrong and gives the exit code for it. A stack only where TWVAULT_DEBUG asks for one. */
export function report(error: unknown): number {
  if (process.env.TWVAULT_DEBUG && error instanceof Error) sayLines(stackOf(error).split('\n'));
  if (!(error instanceof Failure)) {
    say(`internal error: ${nameOf(error)}`);
    hint(REPORT);
    return EXIT.failed;
  }
  if (error.message) say(error.message);
  for (const text of error.hints) hint(text);
  return error.exitCode;
}

/** The frames of an error and of what caused it, without messages. */
function stackOf(error: Error): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  const cause =
    error.cause instanceof Error ? `\ncaused by ${error.cause.name}\n${stackOf(error.cause)}` : '';
  return `${error.name}\n${frames.join('\n')}${cause}`;
}

function writeAll(fd: number, data: string | Uint8Array): void {
  const bytes = Buffer.from(data);
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(fd, bytes, done);
    } catch (error) {
      if (systemCode(error) !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
