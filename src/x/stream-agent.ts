import type { ClientRequest } from 'node:http';
import https, { Agent, type RequestOptions } from 'node:https';
import { proxyAgent } from './network.ts';

/** X sends a line every 20 s on a stream that has nothing to tell. */
const SILENCE_MS = 90_000;

export interface StreamLimits {
  /** How long X may take to answer, in ms. */
  readonly answer: number;
  /** How long X may send nothing after that, in ms. */
  readonly silence?: number;
}

/**
 * What streams go by. The library makes their requests past the hooks that Transport uses and lets nothing but an agent
 * be set for them, so this one states the limits and the check of certificates, and leaves the rest to the usual agents.
 */
export class StreamAgent extends Agent {
  readonly #answer: number;
  readonly #silence: number;

  constructor({ answer, silence = SILENCE_MS }: StreamLimits) {
    super();
    this.#answer = answer;
    this.#silence = silence;
  }

  /** What Node calls for each request, also for those of a stream that connects anew. */
  addRequest(request: ClientRequest, options: RequestOptions): void {
    const connecting = new AbortController();
    const answering = setTimeout(() => {
      connecting.abort();
      request.destroy(timedOut(`X did not answer for ${this.#answer / 1000} s`));
    }, this.#answer);
    request.once('close', () => clearTimeout(answering));
    request.once('response', ({ socket }) => {
      clearTimeout(answering);
      socket.setTimeout(this.#silence, () =>
        request.destroy(timedOut(`X has sent nothing on the stream for ${this.#silence / 1000} s`)),
      );
    });
    const agent = (proxyAgent(connecting.signal) ?? https.globalAgent) as unknown as StreamAgent;
    agent.addRequest(request, Object.assign(options, { agent, rejectUnauthorized: true }));
  }
}

const timedOut = (message: string): Error => Object.assign(new Error(message), { code: 'ETIMEDOUT' });
