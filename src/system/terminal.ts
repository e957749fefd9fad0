import { closeSync, openSync } from 'node:fs';
import { isatty, ReadStream, WriteStream } from 'node:tty';

/** The terminal itself, whatever standard input and output are: standard input stays data. */
const DEVICES = process.platform === 'win32' ? ['\\\\.\\CONIN$', '\\\\.\\CONOUT$'] : ['/dev/tty', '/dev/tty'];

export interface TerminalStreams {
  readonly input: ReadStream;
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

/** Opens the terminal for a dialogue. */
export function openTerminal(): TerminalStreams {
  const input = new ReadStream(openSync(DEVICES[0] as string, 'r+'));
  const output = new WriteStream(openSync(DEVICES[1] as string, 'r+'));
  return {
    input,
    output,
    close: () => {
      input.setRawMode(false);
      input.destroy();
      output.destroy();
    },
  };
}
