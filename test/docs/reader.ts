import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { generateIdentity } from 'age-encryption';
import { diverted } from '../standin/divert.mjs';
import { TWVAULT, User } from '../support/cli.ts';
import { PYTHON } from '../support/tools.ts';
import { KEY, Terminal } from '../terminal/pty.ts';
import { connectProxy, tlsFront } from '../x/between.ts';
import { accountsAtX } from './accounts.ts';
import { answersIn, isShown, marked, type Page, ROOT, type Step, stepsOf } from './page.ts';
import { filled } from './template.mjs';

/**
 * Someone who does what a page says, from its first line to its last, on a machine of their own: an empty home, an
 * empty folder, `twvault` on the PATH, an identity that opens the file store, and X's stand-in where X would be.
 */
export class Reader {
  readonly atX = accountsAtX();
  readonly #user = new User();
  readonly #state: string;
  #port = 0;

  static async arrive(): Promise<Reader> {
    const reader = new Reader();
    writeFileSync(reader.#identity, `${await generateIdentity()}\n`, { mode: 0o600 });
    return reader;
  }

  private constructor() {
    this.#state = join(this.#user.root, 'state');
    for (const folder of [this.#home, this.#bin, this.#state]) mkdirSync(folder);
    const programs = {
      twvault: `exec '${TWVAULT}' "$@"`,
      fill: `exec '${process.execPath}' '${join(ROOT, 'test/docs/fill.mjs')}' '${this.#keys}'`,
      python3: `exec ${PYTHON} "$@"`,
    };
    for (const [name, script] of Object.entries(programs)) {
      writeFileSync(join(this.#bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }
    for (const bot of ['bot.mjs', 'bot.py']) symlinkSync(join(ROOT, 'examples', bot), join(this.#work, bot));
    writeFileSync(this.#keys, JSON.stringify(this.atX.values));
  }

  /** Whom to ask in X's place: Node and Python are diverted to it, curl goes by way of a proxy and TLS. */
  async meet(port: number): Promise<void> {
    this.#port = port;
    const { port: tls, certificate } = await tlsFront(port);
    const proxy = await connectProxy(tls);
    const settings = `proxy = "http://127.0.0.1:${proxy.port}"\ncacert = "${certificate}"\nsilent\n`;
    writeFileSync(join(this.#home, '.curlrc'), settings);
  }

  /** @throws Error that names the page, the line and what happened there */
  async follow(page: Page): Promise<void> {
    let answers: [string, string][] = [];
    for (const block of page.blocks) {
      const file = marked(block, 'file');
      if (file !== undefined) writeFileSync(join(this.#work, file), block.text);
      for (const step of stepsOf(block)) await this.#take(step, answers, page.path);
      answers = answersIn(block) ?? [];
    }
  }

  async #take(
    { line, script, exit, output }: Step,
    answers: [string, string][],
    path: string,
  ): Promise<void> {
    writeFileSync(join(this.#state, 'script'), script);
    rmSync(join(this.#state, 'failed'), { force: true });
    const running = answers.length > 0 ? this.#onTerminal(answers) : this.#run();
    const { status, printed } = await running.catch((error: Error) => {
      throw new Error(`${path}:${line}: ${error.message}`);
    });
    const where = `${path}:${line + this.#failedAt}`;
    if (status !== exit) throw new Error(`${where}: exit status ${status}, not ${exit}\n${printed}`);
    if (output !== undefined && !isShown(output, printed))
      throw new Error(`${where}: shows\n${output}\nbut twvault prints\n${printed}`);
  }

  async #run() {
    const shell = spawn('bash', this.#args, {
      env: this.#env,
      cwd: this.#work,
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 120_000,
    });
    const ended = once(shell, 'close');
    const printed = await text(shell.stdout);
    const [status, signal] = await ended;
    return { status: status ?? signal, printed };
  }

  async #onTerminal(answers: [string, string][]) {
    const terminal = new Terminal({ env: this.#env, root: this.#work }, 'bash', this.#args);
    for (const [question, answer] of answers) {
      await terminal.answer(question, '');
      terminal.type(await this.#typed(answer, terminal.output));
    }
    const status = await terminal.ended();
    return { status, printed: terminal.output };
  }

  /** `y` and `n` need no Enter; DOWN is the second of a list; PIN is what X shows in the browser. */
  async #typed(answer: string, output: string): Promise<string> {
    if (/^[yn]$/.test(answer)) return answer;
    if (answer === 'DOWN') return KEY.down + KEY.enter;
    return (answer === 'PIN' ? await this.#pin(output) : filled(answer, this.atX.values)) + KEY.enter;
  }

  /** What X shows to whoever opens the link that stands on the terminal. */
  async #pin(output: string): Promise<string> {
    const [, path = ''] = /https:\/\/api\.x\.com(\/oauth\/authorize\?\S+)/.exec(output) ?? [];
    const asked = request({
      host: '127.0.0.1',
      port: this.#port,
      path,
      headers: { host: 'api.x.com' },
    }).end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    return /<code>(\d+)<\/code>/.exec(await text(answer))?.[1] ?? '';
  }

  /** How far below its first line a script failed. */
  get #failedAt(): number {
    const file = join(this.#state, 'failed');
    return existsSync(file) ? Math.max(0, Number(readFileSync(file, 'utf8')) - 1) : 0;
  }

  get #args(): string[] {
    return ['-Eeuo', 'pipefail', '-c', STEP, 'bash', this.#state];
  }

  get #path(): string {
    return [this.#bin, dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter);
  }

  /** At the start; each step hands its own to the next. */
  get #env(): Record<string, string | undefined> {
    if (existsSync(join(this.#state, 'env'))) return { PATH: this.#path };
    return {
      PATH: this.#path,
      HOME: this.#home,
      LANG: 'C.UTF-8',
      TWVAULT_IDENTITY_FILE: this.#identity,
      GIT_CONFIG_NOSYSTEM: '1',
      ...(this.#port ? diverted(this.#port) : {}),
    };
  }

  get #home(): string {
    return join(this.#user.root, 'home');
  }

  get #work(): string {
    return join(this.#user.root, 'work');
  }

  get #bin(): string {
    return join(this.#user.root, 'bin');
  }

  get #identity(): string {
    return join(this.#user.root, 'identity.txt');
  }

  get #keys(): string {
    return join(this.#user.root, 'keys.json');
  }
}

/** One step in the shell that the page's steps share: variables and folder are those that the last one left. */
const STEP = `
exec 2>&1
if [ -f "$1/env" ]; then . "$1/env"; cd "$(cat "$1/folder")"; fi
trap 'export -p > "$1/env"; pwd > "$1/folder"' EXIT
trap 'status=$?; echo "$LINENO" > "$1/failed"; exit $status' ERR
. "$1/script"
`;
