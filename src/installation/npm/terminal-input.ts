import { openSync } from 'node:fs';
import { ReadStream } from 'node:tty';

/** What is typed on a terminal, by the path of its device. */
export class TerminalInput extends ReadStream {
  constructor(device: string) {
    super(openSync(device, 'r+'));
  }
}
