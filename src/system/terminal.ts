import { closeSync, openSync } from 'node:fs';
import { isatty, WriteStream } from 'node:tty';
import { TerminalInput } from '#installation/terminal-input';

/** The terminal itself, whatever standard input and output are: standard input stays data. */
const DEVICES = process.platform === 'win32' ? ['\\\\.\\CONIN$', '\\\\.\\CONOUT$'] : ['/dev/tty', '/dev/tty'];

export interface TerminalStreams {
  readonly input: TerminalInput;
  readonly output: WriteStream;
  close(): void;
}

/** Whether there is a person to ask. */
export function hasTerminal(): boolean {
  try {
    const fd = openSync(DEVICES[0] as string, 'r+');
    const isTerminal = isatty(fd);
    closeSync(fd);
    return isTerminal;
  } catch {
    return false;
  }
}

/** Opens the terminal for a dialogue. Until it is closed, nothing that is typed shows by itself. */
export function openTerminal(): TerminalStreams {
  const input = new SilentInput(DEVICES[0] as string);
  const output = new WriteStream(openSync(DEVICES[1] as string, 'r+'));
  input.silence(true);
  return {
    input,
    output,
    close: () => {
      input.silence(false);
      input.destroy();
      output.destroy();
    },
  };
}

/** Prompt libraries end raw mode after each question. What is typed before the next one must not show either. */
class SilentInput extends TerminalInput {
  silence(isSilent: boolean): void {
    super.setRawMode(isSilent);
  }

  override setRawMode(): this {
    return this;
  }
}
