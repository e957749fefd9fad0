import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { generateIdentity } from 'age-encryption';
import { diverted } from '../standin/divert.mjs';
import { TWVAULT, User } from '../support/cli.ts';
import { PYTHON } from '../support/tools.ts';
import { accountsAtX } from './accounts.ts';
import { isShown, marked, type Page, ROOT, type Step, stepsOf } from './page.ts';

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

  /** Whom to ask in X's place. */
  meet(port: number): void {
    this.#port = port;
  }

  /** @throws Error that names the page, the line and what happened there */
  async follow(page: Page): Promise<void> {
    for (const block of page.blocks) {
      const file = marked(block, 'file');
      if (file !== undefined) writeFileSync(join(this.#work, file), block.text);
      for (const step of stepsOf(block)) await this.#take(step, page.path);
    }
  }

  async #take({ line, script, exit, output }: Step, path: string): Promise<void> {
    const { status, printed, failedAt } = await this.#run(script);
    const where = `${path}:${line + Math.max(0, failedAt - 1)}`;
    if (status !== exit) throw new Error(`${where}: exit status ${status}, not ${exit}\n${printed}`);
    if (output !== undefined && !isShown(output, printed))
      throw new Error(`${where}: shows\n${output}\nbut twvault prints\n${printed}`);
  }

  async #run(script: string) {
    const file = join(this.#state, 'script');
    writeFileSync(file, script);
    const shell = spawn('bash', ['-Eeuo', 'pipefail', '-c', STEP, 'bash', this.#state], {
      env: existsSync(join(this.#state, 'env')) ? { PATH: this.#path } : this.#env,
      cwd: this.#work,
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 120_000,
    });
    const ended = once(shell, 'close');
    const [printed = '', at] = (await text(shell.stdout)).split('\0');
    const [status, signal] = await ended;
    return { status: status ?? signal, printed, failedAt: Number(at ?? 0) };
  }

  get #path(): string {
    return [this.#bin, dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter);
  }

  /** At the start; each step hands its own to the next. */
  get #env(): NodeJS.ProcessEnv {
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
trap 'status=$?; printf "\\0%s" "$LINENO"; exit $status' ERR
. "$1/script"
`;
