import type { Socket } from 'node:net';
import { MessageCipher } from './channel.ts';

/** A record is at most 1 MiB (store/file.ts), and nothing larger is ever signed. */
const LONGEST_MESSAGE = 1024 * 1024 + 1024;
/** What may come beyond what is waited for: Node reads 64 KiB at a time. */
const AHEAD = 128 * 1024;

interface Waiting {
  readonly size: number;
  readonly resolve: (bytes: Buffer) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** A socket from which so many bytes are read, each time within a limit. Ends it at whatever breaks the rules. */
export class Wire {
  readonly #socket: Socket;
  #held: Buffer = Buffer.alloc(0);
  #waiting: Waiting | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => {}); // close follows
    socket.on('close', () => this.close());
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  /** Takes in what came. Nobody may send much more than is waited for. */
  receive(bytes: Buffer): void {
    this.#held = Buffer.concat([this.#held, bytes]);
    if (this.#held.length > (this.#waiting?.size ?? 0) + AHEAD) this.close();
    else this.#serve();
  }

  /** The next bytes. @throws Error where they have not all come within the limit */
  read(size: number, limit: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (!this.isOpen) return reject(new Error('closed'));
      const timer = setTimeout(() => this.close(), limit);
      this.#waiting = { size, resolve, reject, timer };
      this.#serve();
    });
  }

  /** The next message. @throws Error where it has not come within the limit, or is not genuine */
  async readMessage(cipher: MessageCipher, limit: number): Promise<Buffer> {
    const size = (await this.read(MessageCipher.lengthSize, limit)).readUInt32BE();
    if (size > LONGEST_MESSAGE) throw new Error('too long');
    return cipher.open(await this.read(size, limit));
  }

  /** @returns false where the other side does not read */
  write(bytes: Uint8Array): boolean {
    return this.#socket.write(bytes);
  }

  close(): void {
    this.#socket.destroy();
    const waiting = this.#take();
    waiting?.reject(new Error('closed'));
  }

  #serve(): void {
    if (!this.#waiting || this.#held.length < this.#waiting.size) return;
    const { size, resolve } = this.#take() as Waiting;
    const bytes = this.#held.subarray(0, size);
    this.#held = this.#held.subarray(size);
    resolve(bytes);
  }

  #take(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    clearTimeout(waiting?.timer);
    return waiting;
  }
}
