// node docs/session/record.mjs: runs the commands that the README's picture shows, in a real terminal with a real keychain
// (gnome-keyring), against the stand-in for X, and draws docs/session.svg from what they printed. Needs a build,
// dbus-run-session, gnome-keyring-daemon, and a python3 with tweepy.
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { generatedAccount, generatedApp, secretsOf, tutorialFile } from '../../examples/demo/keys.mjs';
import { shows } from '../../examples/demo/search.mjs';
import { diverted } from '../../test/standin/divert.mjs';
import { startStandIn } from '../../test/standin/server.mjs';
import { drawn } from './draw.mjs';
import { Film } from './film.mjs';

const ROOT = join(import.meta.dirname, '../..');
/** What the shell says before its prompt, and a terminal does not show. */
const READY = '\x1b]133;A\x07';
const PROMPT = '$\x1b[0m ';
const PATIENCE_MS = 30_000;

class Recording {
  film = new Film();
  #folder;
  #pty;
  #all = '';
  #seen = 0;

  constructor(folder, env) {
    this.#folder = folder;
    const shell = [
      'printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1',
      'cd bot && exec bash --norc --noprofile -i',
    ].join('; ');
    const options = { cols: this.film.columns, rows: 200, cwd: folder, env };
    this.#pty = spawn('dbus-run-session', ['--', 'sh', '-c', shell], options);
    this.#pty.onData((data) => {
      this.#all += data;
    });
  }

  /** Waits for a text. @returns all that came up to and with it */
  async #until(text) {
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await pause(20)) {
      const at = this.#all.indexOf(text, this.#seen);
      if (at < 0) continue;
      const passed = this.#all.slice(this.#seen, at + text.length);
      this.#seen = at + text.length;
      return passed;
    }
    throw new Error(`'${text}' did not come in\n${this.#all}`);
  }

  /** All that comes until nothing comes for a while. */
  async #rest() {
    for (let before = -1; before !== this.#all.length; await pause(250)) before = this.#all.length;
    const passed = this.#all.slice(this.#seen);
    this.#seen = this.#all.length;
    return passed;
  }

  /** The folder's name is this machine's; the picture has a home as people have. */
  #told = (bytes) => bytes.replaceAll(this.#folder, '/home/ada');

  async start() {
    await this.#rest();
    this.#pty.write(`PS1='\\[\\e]133;A\\a\\]\\n\\[\\e[1;32m\\]$\\[\\e[0m\\] '\r`);
    await this.#until(READY);
    this.film.printed((await this.#until(PROMPT)).trimStart());
  }

  /** Types a command, and answers what it asks. */
  async run(line, ...answers) {
    this.#pty.write(line);
    this.film.typed(await this.#until(line));
    this.#pty.write('\r');
    for (const [question, keys] of answers) {
      const asked = await this.#until(question);
      this.film.printed(this.#told(asked + (await this.#rest())));
      this.#pty.write(keys);
    }
    const printed = await this.#until(READY);
    this.film.printed(this.#told(printed + (await this.#until(PROMPT))));
  }

  /** The shell ends, and with it bus and keyring. */
  async end(secrets) {
    const ended = new Promise((resolve) => this.#pty.onExit(resolve));
    this.#pty.write('exit\r');
    await ended;
    if (shows(this.#all, secrets)) throw new Error('a secret was printed');
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'twvault-session-')));
process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
const app = generatedApp();
const [personal, brand] = [generatedAccount('ada_writes', app), generatedAccount('brand_news', app)];
const secrets = [...secretsOf(personal), ...secretsOf(brand)];

const [bot, bin] = [join(folder, 'bot'), join(folder, 'bin')];
for (const path of [bot, bin]) mkdirSync(path);
writeFileSync(join(bot, 'twitter_credentials.py'), tutorialFile(personal));
copyFileSync(join(import.meta.dirname, 'bot.py'), join(bot, 'bot.py'));
writeFileSync(join(bin, 'twvault'), `#!/bin/sh\nexec '${process.execPath}' '${ROOT}/bin/twvault.js' "$@"\n`, {
  mode: 0o755,
});
writeFileSync(join(bin, 'python3'), '#!/bin/sh\nexec /usr/bin/python3 "$@"\n', { mode: 0o755 });

const x = await startStandIn({ accounts: [personal, brand] });
const recording = new Recording(folder, {
  HOME: folder,
  PATH: [bin, '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
  LANG: 'C.UTF-8',
  TERM: 'xterm-256color',
  ...diverted(x.port),
});
await recording.start();
await recording.run('ls');
await recording.run(
  'twvault import twitter_credentials.py --scrub --profile personal',
  ['store personal?', 'y'],
  ['?', 'y'],
);
await recording.run("twvault exec -- python3 bot.py 'Good morning'");
await recording.run(
  'twvault add brand --inherit personal',
  ['Access Token', `${brand.access_token}\r`],
  ['Access Token Secret', `${brand.access_token_secret}\r`],
  ['Bearer Token', '\r'],
  ['Client ID', '\r'],
  ['Client Secret', '\r'],
);
await recording.run("twvault exec -p brand -- python3 bot.py 'We are open'");
await recording.run('twvault list');
await recording.run('twvault scan');
await recording.end(secrets);
await x.close();

const picture = drawn(recording.film, 'twvault: keys out of the file, a bot that runs on, a second account');
if (shows(picture, secrets)) throw new Error('a secret is in the picture');
writeFileSync(join(ROOT, 'docs/session.svg'), picture);
console.log(`docs/session.svg: ${Math.round(picture.length / 1024)} kB, ${recording.film.length / 1000} s`);
