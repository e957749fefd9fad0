import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const EXAMPLES = fileURLToPath(new URL('..', import.meta.url));
const TWVAULT = join(EXAMPLES, '../bin/twvault.js');

/** What a real vault, other keys or a proxy would say to the demo's commands. */
const NOT_INHERITED = /^(TWVAULT_|TWITTER_|X_|NODE_OPTIONS$|PYTHON|(https?|all)_proxy$)/i;

/** A terminal session of sorts, in a folder of its own that goes when this process ends, however it ends. */
export class Session {
  #stop = new AbortController();
  #env;
  transcript = '';

  constructor() {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), 'twvault-demo-')));
    process.on('exit', () => rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 }));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => this.#interrupt(128 + constants.signals[signal]));
    }
    process.stdout.on('error', () => this.#interrupt(1)); // `npm run demo | head`

    symlinkSync(EXAMPLES, join(this.folder, 'examples'), 'junction');
    mkdirSync(join(this.folder, 'tmp'));
    this.#env = {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !NOT_INHERITED.test(name))),
      PATH: [dirname(process.execPath), process.env.PATH].join(delimiter), // the node that runs this
      TMPDIR: join(this.folder, 'tmp'), // so that what is left there is found as well
    };
  }

  say(text) {
    this.transcript += `${text}\n`;
    console.log(text);
  }

  export(variables) {
    Object.assign(this.#env, variables);
  }

  /** Runs `twvault ...` as one would type it, and shows what it says. It has to succeed. */
  async twvault(...args) {
    const line = ['twvault', ...args].map((word) => (/[^\w./-]/.test(word) ? `'${word}'` : word)).join(' ');
    this.say(`$ ${line}`);
    const status = await this.#run([TWVAULT, ...args]);
    if (status !== 0) throw new Error(`${line}: exit status ${status}`);
  }

  #run(args) {
    this.#stop.signal.throwIfAborted();
    const child = spawn(process.execPath, args, {
      cwd: this.folder,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: this.#stop.signal,
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        this.transcript += text;
        process.stdout.write(text);
      });
    }
    return new Promise((resolve, reject) => {
      let failure;
      child.on('error', (error) => {
        failure = error;
      });
      child.on('close', (status) => (failure ? reject(failure) : resolve(status)));
    });
  }

  /** Stops what runs; the story then ends where it is. */
  #interrupt(status) {
    process.exitCode = status;
    this.#stop.abort(new Error('interrupted'));
  }
}
