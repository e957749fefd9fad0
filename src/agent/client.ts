import { existsSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { AgeError } from '../age/error.ts';
import { Failure, failed, locked } from '../failure.ts';
import {
  CHALLENGE_SIZE,
  GREETING,
  type MessageCipher,
  newChallenge,
  PROOF_SIZE,
  Session,
} from './channel.ts';
import { type AgentPlace, checkAgentDirectory } from './place.ts';
import { ANSWER, ASK, type Ask, message, type Report, type Times } from './request.ts';
import { areSameWriters, readTokenFile, type TokenFile } from './token-file.ts';
import { Wire } from './wire.ts';

/** How long an agent may take to answer, in ms. It takes about one; a busy machine needs more. */
const PATIENCE_MS = 2000;
/** A conversation that pauses longer is ended and taken up anew when need be. */
const PAUSE_MS = 100;
const RECEIVED_AT_ONCE = 4096;

/** An agent that was found and has proved that it is genuine. */
export class Agent {
  readonly of: TokenFile;
  readonly #place: AgentPlace;
  #talk: Talk;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(place: AgentPlace, of: TokenFile, talk: Talk) {
    this.#place = place;
    this.of = of;
    this.#talk = talk;
  }

  /** The agent in a place, or undefined where none answers there that knows the token. */
  static async at(place: AgentPlace): Promise<Agent | undefined> {
    if (!mayHaveAgent(place)) return undefined;
    try {
      const { of, talk } = await Talk.begin(place);
      return new Agent(place, of, talk);
    } catch {
      return undefined;
    }
  }

  /**
   * The body of the agent's answer, or null for "none of them is mine".
   * @throws AgeError for a malformed stanza, Failure where the agent refuses, or is gone
   */
  async ask(kind: Ask, body?: Uint8Array): Promise<Buffer | null> {
    const answer = await this.#exchange(message(kind, body));
    const text = () => answer.toString('utf8', 1);
    if (answer[0] === ANSWER.ok) return answer.subarray(1);
    if (answer[0] === ANSWER.none) return null;
    if (answer[0] === ANSWER.malformed) throw new AgeError('header', text());
    throw failed(`the agent refuses: ${text()}`);
  }

  /** Since when it is open, and until when. */
  async report(): Promise<Report> {
    return reportIn(await this.ask(ASK.report));
  }

  /** Sets its idle time anew, and brings its end nearer where `max` does. */
  async renew(times: Times): Promise<Report> {
    return reportIn(await this.ask(ASK.renew, Buffer.from(JSON.stringify(times))));
  }

  /** Ends it, and waits until it has gone. */
  async lock(): Promise<void> {
    await this.ask(ASK.lock);
    await this.#talk.ended(PATIENCE_MS);
  }

  /** One at a time. What was ended in a pause is taken up anew. */
  #exchange(request: Uint8Array): Promise<Buffer> {
    const answer = this.#last.then(async () => {
      if (this.#talk.isOpen) {
        const answer = await this.#talk.exchange(request).catch(() => undefined);
        if (answer) return answer;
      }
      await this.#again();
      return this.#talk.exchange(request).catch(() => {
        throw gone();
      });
    });
    this.#last = answer.catch(() => {});
    return answer;
  }

  /** Takes the conversation up anew, if the agent, or one after it, is still that of the same writers. */
  async #again(): Promise<void> {
    const next = await Agent.at(this.#place);
    if (!next || !areSameWriters(next.of.writers, this.of.writers)) throw gone();
    this.#talk = next.#talk;
  }
}

const gone = (): Failure => locked('the vault was locked meanwhile', ['open it again: twvault unlock']);

const reportIn = (body: Buffer | null): Report => JSON.parse(String(body)) as Report;

/** A place that is not safe has no agent: whoever opens one there is told why. */
function mayHaveAgent({ directory, token }: AgentPlace): boolean {
  try {
    return checkAgentDirectory(directory) && existsSync(token);
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

/** One connection. After an answer it keeps no process alive, and soon ends. */
class Talk {
  readonly #socket: Socket;
  readonly #wire: Wire;
  readonly #ours: MessageCipher;
  readonly #theirs: MessageCipher;
  #isPaused = false;

  private constructor(socket: Socket, wire: Wire, session: Session) {
    this.#socket = socket;
    this.#wire = wire;
    this.#ours = session.cipher('client');
    this.#theirs = session.cipher('agent');
  }

  /** @throws Error where whoever listens there does not know what is in the token file */
  static async begin({ socket: path, token }: AgentPlace): Promise<{ of: TokenFile; talk: Talk }> {
    const { socket, wire } = connectTo(path);
    try {
      const challenge = newChallenge();
      wire.write(Buffer.concat([GREETING, challenge]));
      const of = readTokenFile(token); // while the agent answers
      const reply = await wire.read(CHALLENGE_SIZE + PROOF_SIZE, PATIENCE_MS);
      if (!of) throw new Error('no token');
      const secret = Buffer.from(of.token, 'base64');
      const session = new Session(secret, challenge, reply.subarray(0, CHALLENGE_SIZE));
      if (!session.isProof('agent', reply.subarray(CHALLENGE_SIZE))) throw new Error('a stranger');
      wire.write(session.proof('client'));
      return { of, talk: new Talk(socket, wire, session) };
    } catch (error) {
      wire.close();
      throw error;
    }
  }

  get isOpen(): boolean {
    return this.#wire.isOpen;
  }

  async exchange(request: Uint8Array): Promise<Buffer> {
    this.#resume();
    try {
      this.#wire.write(this.#ours.seal(request));
      const answer = await this.#wire.readMessage(this.#theirs, PATIENCE_MS);
      this.#pause();
      return answer;
    } catch (error) {
      this.#wire.close();
      throw error;
    }
  }

  /** Waits for the agent to hang up. */
  async ended(limit: number): Promise<void> {
    this.#resume();
    await this.#wire.read(1, limit).catch(() => {});
  }

  #pause(): void {
    this.#isPaused = true;
    this.#socket.unref();
    this.#socket.setTimeout(PAUSE_MS);
  }

  #resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#socket.ref();
    this.#socket.setTimeout(0);
  }
}

/** Reads into one buffer: a stream's own machinery costs a millisecond more at its first use. */
function connectTo(path: string): { socket: Socket; wire: Wire } {
  const buffer = Buffer.alloc(RECEIVED_AT_ONCE);
  const callback = (size: number): boolean => {
    wire.receive(Buffer.from(buffer.subarray(0, size)));
    return true;
  };
  const socket = connect({ path, onread: { buffer, callback } });
  const wire = new Wire(socket);
  socket.on('timeout', () => wire.close());
  return { socket, wire };
}
