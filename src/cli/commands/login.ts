import { Command } from 'commander';
import { usage } from '../../failure.ts';
import { profileName } from '../../profile/names.ts';
import type { Context } from '../context.ts';
import { duration } from '../duration.ts';
import { Target } from '../login/target.ts';
import { warn } from '../voice.ts';

interface Options {
  readonly pin?: boolean;
  readonly oauth2?: boolean;
  readonly app?: boolean;
  readonly readOnly?: boolean;
  readonly headless?: boolean;
  readonly port?: string;
  readonly scope?: string;
  readonly scopes?: string;
  readonly wait?: string;
  readonly inherit?: string;
  readonly replaceAccount?: boolean;
  readonly browser: boolean;
}

const DEFAULT_PORT = 8080;
const DEFAULT_WAIT = '5m';
/** A timer that is set further ahead goes off at once. */
const LONGEST_WAIT_MS = 24 * 3_600_000;

export function command(context: Context): Command {
  return new Command('login')
    .description('get tokens from X for an account, in the browser')
    .argument('<profile>', 'it is made where it does not exist yet')
    .option('--pin', 'OAuth 1.0a: the access token and secret, with a PIN that X shows')
    .option('--oauth2', 'OAuth 2.0: an access token that is renewed by itself')
    .option('--app', "the app's bearer token, from its API key and secret; no browser")
    .option('--inherit <profile>', "use another profile's app")
    .option('--read-only', 'with --pin: tokens that cannot post')
    .option('--scopes <sets>', 'with --oauth2: reader, poster (the default), dm, all; several with commas')
    .option('--scope <scopes>', 'with --oauth2: scopes by name, with spaces or commas')
    .option('--port <port>', `with --oauth2: where the browser comes back to (default ${DEFAULT_PORT})`)
    .option('--wait <time>', `with --oauth2: how long to wait for the browser (default ${DEFAULT_WAIT})`)
    .option('--headless', 'for a machine without a browser: show the link, and ask for what it ends on')
    .option('--no-browser', 'show the link and do not open it')
    .option('--replace-account', 'let the profile belong to another account from now on')
    .addHelpText('after', EXAMPLES)
    .action((name: string, options: Options) => login(context, profileName(name), options));
}

type Kind = 'pin' | 'oauth2' | 'app';

async function login(context: Context, name: string, options: Options): Promise<void> {
  const inherit = options.inherit === undefined ? undefined : profileName(options.inherit);
  if (inherit === name) throw usage('a profile cannot inherit from itself');
  const kind = kindOf(options) ?? (await askKind(context));
  const isReplacing = options.replaceAccount === true;
  const isBrowser = options.browser && !options.headless;
  if (kind === 'oauth2') {
    const [{ logInByOAuth2 }, settings] = await Promise.all([
      import('../login/by-oauth2.ts'),
      oauth2Of(options),
    ]);
    const target = await Target.open(context, name, inherit);
    await logInByOAuth2(context, target, { ...settings, isBrowser, isReplacing });
    return;
  }
  const target = await Target.open(context, name, inherit);
  if (kind === 'pin') {
    const { logInByPin } = await import('../login/by-pin.ts');
    await logInByPin(context, target, { isReadOnly: options.readOnly === true, isBrowser, isReplacing });
  } else {
    const { logInApp } = await import('../login/by-app.ts');
    await logInApp(target, inherit !== undefined);
  }
}

/** @throws Failure exit 2 where options exclude each other */
function kindOf(options: Options): Kind | undefined {
  const kinds = (['pin', 'oauth2', 'app'] as const).filter((each) => options[each]);
  const [kind] = kinds;
  if (kinds.length > 1) throw usage(`${kinds.map((each) => `--${each}`).join(' and ')} exclude each other`);
  const ofOAuth2 = (['scopes', 'scope', 'port', 'wait'] as const).find((each) => options[each] !== undefined);
  if (ofOAuth2 && kind !== 'oauth2') throw usage(`--${ofOAuth2} goes with --oauth2`);
  if (options.readOnly && kind !== 'pin') throw usage('--read-only goes with --pin');
  return kind;
}

async function askKind(context: Context): Promise<Kind> {
  if (!(await context.terminal())) {
    throw usage('which kind of login?', [
      '--oauth2 for a token that is renewed by itself, --pin for an access token and secret, --app for the bearer token',
    ]);
  }
  const { askChoice } = await import('../prompt.ts');
  return askChoice<Kind>('which kind of login?', [
    { value: 'oauth2', label: 'OAuth 2.0: a token that is renewed by itself (needs the client id)' },
    {
      value: 'pin',
      label: 'OAuth 1.0a with a PIN: an access token and secret (needs the API key and secret)',
    },
    { value: 'app', label: "the app's bearer token, for no account (needs the API key and secret)" },
  ]);
}

async function oauth2Of(options: Options) {
  if (options.scope !== undefined && options.scopes !== undefined)
    throw usage('--scope and --scopes exclude each other');
  return {
    port: portOf(options.port),
    patience: Math.min(duration(options.wait ?? DEFAULT_WAIT, '--wait'), LONGEST_WAIT_MS),
    scopes: await scopesOf(options),
    isHeadless: options.headless === true,
  };
}

async function scopesOf({ scope, scopes }: Options): Promise<readonly string[]> {
  const { scopesNamed, scopesOfSets } = await import('../../x/login-scopes.ts');
  if (scope === undefined) return scopesOfSets(scopes ?? 'poster');
  const named = scopesNamed(scope);
  if (named.unknown.length > 0) warn(`not among the known scopes: ${named.unknown.join(', ')}`);
  return named.scopes;
}

function portOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PORT;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw usage('--port takes a number from 1 to 65535');
}

const EXAMPLES = `
The app's settings in console.x.com must allow it: for --oauth2 the callback http://127.0.0.1:8080/callback, letter for
letter; for --pin any callback.

Examples:
  twvault login personal --oauth2
  twvault login brand --oauth2 --inherit personal --scopes poster,dm
  twvault login brand --pin --inherit personal
  twvault login server --oauth2 --headless
  twvault login personal --app`;
