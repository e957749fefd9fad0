import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { onTestFinished } from 'vitest';

type Message = {
  id?: number;
  method?: string;
  params?: Record<string, unknown>;
  result?: unknown;
  error?: unknown;
};

/** A headless Chromium with one page, driven over its debugging pipe. */
export class Chromium {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  readonly #listeners: ((message: Message) => void)[] = [];
  #session = '';
  #count = 0;
  #rest = '';

  private constructor() {
    const profile = mkdtempSync(join(tmpdir(), 'twvault-chromium-'));
    const options = [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--remote-debugging-pipe',
      '--no-first-run',
    ];
    this.#process = spawn(
      'chromium',
      [
        ...options,
        '--disable-background-networking',
        `--user-data-dir=${profile}`,
        '--window-size=900,640',
        'about:blank',
      ],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
    );
    (this.#process.stdio[4] as Readable).setEncoding('utf8').on('data', (text: string) => this.#read(text));
    onTestFinished(async () => {
      const gone = new Promise((resolve) => this.#process.once('exit', resolve));
      this.#process.kill('SIGKILL');
      await gone;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    });
  }

  static async start(): Promise<Chromium> {
    const chromium = new Chromium();
    const targetId = await chromium.#page();
    const { sessionId } = await chromium.send<{ sessionId: string }>('Target.attachToTarget', {
      targetId,
      flatten: true,
    });
    chromium.#session = sessionId;
    await chromium.send('Page.enable');
    return chromium;
  }

  /** The page that it opens at its start, which may take a moment on a busy machine. */
  async #page(): Promise<string> {
    for (const deadline = Date.now() + 15_000; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
      const { targetInfos } = await this.send<{ targetInfos: { type: string; targetId: string }[] }>(
        'Target.getTargets',
      );
      const page = targetInfos.find(({ type }) => type === 'page');
      if (page) return page.targetId;
      if (Date.now() > deadline) throw new Error('Chromium opens no page');
    }
  }

  send<T = unknown>(method: string, params: Record<string, unknown> = {}): Promise<T> {
    const id = ++this.#count;
    const session = this.#session === '' ? {} : { sessionId: this.#session };
    (this.#process.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, ...session })}\0`);
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: never) => void, reject });
    });
  }

  /** Calls for each event of the page. */
  on(method: string, listener: (params: never) => void): void {
    this.#listeners.push((message) => message.method === method && listener(message.params as never));
  }

  /** Answers requests to a host in its place. */
  async answerFor(
    origin: string,
    answer: (url: string) => Promise<{ status: number; body: string }>,
  ): Promise<void> {
    await this.send('Fetch.enable', { patterns: [{ urlPattern: `${origin}/*` }] });
    this.on(
      'Fetch.requestPaused',
      async ({ requestId, request }: { requestId: string; request: { url: string } }) => {
        const { status, body } = await answer(request.url);
        const responseHeaders = [{ name: 'content-type', value: 'text/html; charset=utf-8' }];
        const encoded = Buffer.from(body).toString('base64');
        await this.send('Fetch.fulfillRequest', {
          requestId,
          responseCode: status,
          responseHeaders,
          body: encoded,
        });
      },
    );
  }

  /** The value of an expression in the page. */
  async evaluate<T>(expression: string): Promise<T> {
    const { result } = await this.send<{ result: { value: T } }>('Runtime.evaluate', {
      expression,
      returnByValue: true,
    });
    return result.value;
  }

  /** Waits until an expression is true in the page, whichever page that is by then. */
  async until(expression: string, patience = 15_000): Promise<void> {
    const deadline = Date.now() + patience;
    while (!(await this.evaluate<boolean>(expression).catch(() => false))) {
      if (Date.now() > deadline) throw new Error(`'${expression}' does not come true`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async screenshot(path: string): Promise<void> {
    const { data } = await this.send<{ data: string }>('Page.captureScreenshot', { format: 'png' });
    writeFileSync(path, Buffer.from(data, 'base64'));
  }

  #read(text: string): void {
    const parts = (this.#rest + text).split('\0');
    this.#rest = parts.pop() ?? '';
    for (const part of parts) this.#take(JSON.parse(part) as Message);
  }

  #take(message: Message): void {
    const waiting = this.#waiting.get(message.id ?? 0);
    if (!waiting) {
      for (const listener of this.#listeners) listener(message);
      return;
    }
    this.#waiting.delete(message.id ?? 0);
    if (message.error) waiting.reject(new Error(JSON.stringify(message.error)));
    else waiting.resolve(message.result as never);
  }
}
