import { EXIT, Failure, failed, locked, usage } from '../../failure.ts';
import type { FieldName } from '../../profile/fields.ts';
import { type Account, timestampAt } from '../../profile/profile.ts';
import type { Secret } from '../../profile/secret.ts';
import { openInBrowser } from '../../system/browser.ts';
import { ENDING, holdSignals } from '../../system/signals.ts';
import { CallbackListener, pastedReturn, type Return, redirectFor } from '../../x/callback.ts';
import type { Page } from '../../x/callback-page.ts';
import { beginOAuth2Login, type OAuth2Login, ownerOf } from '../../x/login-oauth2.ts';
import type { Tokens } from '../../x/oauth2.ts';
import type { Context } from '../context.ts';
import { accountText } from '../profile-report.ts';
import { hint, say, warn } from '../voice.ts';
import type { Target } from './target.ts';

export interface OAuth2Options {
  readonly port: number;
  readonly scopes: readonly string[];
  readonly isHeadless: boolean;
  readonly isBrowser: boolean;
  readonly isReplacing: boolean;
  /** How long to wait for the browser, in milliseconds. */
  readonly patience: number;
}

/** Logs an account in by OAuth 2.0 with PKCE; the browser brings the code to a listener here, or a person pastes it. */
export async function logInByOAuth2(context: Context, target: Target, options: OAuth2Options): Promise<void> {
  if (options.isHeadless && !(await context.terminal())) {
    throw locked('there is no terminal to paste the address on', [
      'run it in a terminal, or without --headless',
    ]);
  }
  if (!options.scopes.includes('offline.access'))
    warn('without the scope offline.access the login ends after two hours and cannot be renewed');
  await target.need(['client_id'], ['client_secret']);
  const client = { id: target.value('client_id') as Secret, secret: target.value('client_secret') };
  const login = beginOAuth2Login(client, redirectFor(options.port), options.scopes);
  if (options.isHeadless) await finish(target, login, await pasted(target, login, options), options);
  else await throughListener(context, target, login, options);
}

async function throughListener(
  context: Context,
  target: Target,
  login: OAuth2Login,
  options: OAuth2Options,
): Promise<void> {
  const listener = await CallbackListener.open(options.port, login.isOurs);
  try {
    const coming = soonEnough(listener.returned, options.patience);
    invite(target, login, options);
    if (options.isBrowser) openInBrowser(login.link, context.env);
    const returned = await coming;
    let page: Page = { isGood: false, title: 'Something went wrong', lines: [SEE_TERMINAL] };
    try {
      page = await finish(target, login, returned, options);
    } catch (error) {
      if (error instanceof Failure) page = failurePage(error);
      throw error;
    } finally {
      await listener.show(page);
    }
  } finally {
    listener.close();
  }
}

function invite({ name }: Target, { link }: OAuth2Login, { port }: OAuth2Options): void {
  say(`log in to x.com as the account that ${name} is for, and allow the app: ${link}`);
  hint(`the app must have the callback ${redirectFor(port)}, letter for letter, in console.x.com`);
}

async function pasted(target: Target, login: OAuth2Login, options: OAuth2Options): Promise<Return> {
  const { askSecret, tell } = await import('../prompt.ts');
  invite(target, login, options);
  say('the browser ends on a page that it cannot load: copy the address of that page');
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    const answer = await askSecret('the whole address, or the code in it');
    const returned = pastedReturn(answer.reveal(), login.isOurs);
    if (returned) return returned;
    tell('  that is not the answer to this login: copy the whole address again');
  }
  throw usage('no address of this login was given; nothing was stored');
}

/** The first to come: what is waited for, an interrupt, or the end of patience. */
async function soonEnough<T>(work: Promise<T>, patience: number): Promise<T> {
  const cleanup: (() => void)[] = [];
  const end = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(tooLate()), patience);
    cleanup.push(() => clearTimeout(timer));
    for (const [signal, number] of Object.entries(ENDING)) {
      const stop = () => reject(new Failure(128 + number, 'cancelled; nothing was stored'));
      process.once(signal, stop);
      cleanup.push(() => process.off(signal, stop));
    }
  });
  return Promise.race([work, end]).finally(() => {
    for (const each of cleanup) each();
  });
}

const tooLate = (): Failure =>
  failed('nobody came back from X in time; nothing was stored', [
    'run the command again; --wait 15m waits longer',
    'on a machine without a browser: --headless',
  ]);

/** From the code to the disk. Signals wait until it is done: what X has given by then works once. */
async function finish(
  target: Target,
  login: OAuth2Login,
  returned: Return,
  options: OAuth2Options,
): Promise<Page> {
  if ('error' in returned) throw declined(returned.error);
  const signals = holdSignals();
  try {
    const asked = Date.now();
    const tokens = await login.complete(returned.code);
    const owner = await ownerOf(tokens.access);
    if ('account' in owner) target.checkAccount(owner.account, options.isReplacing);
    await keep(target, tokens, asked, 'account' in owner ? owner.account : undefined);
    return 'account' in owner
      ? connected(target, owner.account, tokens)
      : halfConnected(target, owner.trouble, tokens);
  } finally {
    signals.release();
  }
}

async function keep(
  target: Target,
  tokens: Tokens,
  asked: number,
  account: Account | undefined,
): Promise<void> {
  const fields = new Map<FieldName, Secret>([['oauth2_access_token', tokens.access]]);
  if (tokens.refresh) fields.set('oauth2_refresh_token', tokens.refresh);
  const expires = timestampAt(asked + tokens.expiresIn * 1000);
  const grant = { expires, scopes: tokens.scopes };
  await target.keep({ fields, grant, ...(account ? { account } : {}) });
}

function connected({ name }: Target, account: Account, tokens: Tokens): Page {
  say(`${name} is connected to ${accountText(account)}: stored ${storedText(tokens)}`);
  tellGrant(name, tokens);
  const who = account.name === undefined ? `account ${account.id}` : `@${account.name}`;
  return {
    isGood: true,
    title: `Connected ${who}`,
    lines: [`The profile ${name} of twvault now acts as ${accountText(account)}.`],
  };
}

function halfConnected({ name, account }: Target, trouble: string, tokens: Tokens): Page {
  say(`stored ${storedText(tokens)} in ${name}`);
  const known = account ? `; check that it is ${accountText(account)}` : '';
  warn(`which account it is could not be asked: ${trouble}`);
  hint(`ask again${known}: twvault verify ${name}`);
  tellGrant(name, tokens);
  return {
    isGood: true,
    title: 'Connected',
    lines: [
      `The profile ${name} of twvault has its tokens.`,
      'X did not say which account it is: see the terminal.',
    ],
  };
}

const storedText = ({ refresh }: Tokens): string =>
  refresh ? 'oauth2_access_token, oauth2_refresh_token' : 'oauth2_access_token';

function tellGrant(name: string, { refresh, scopes }: Tokens): void {
  if (scopes.length > 0) say(`it may: ${scopes.join(' ')}`);
  if (!refresh) warn('X gave no refresh token: the login ends with its access token');
  hint(`run a program with it: twvault exec -p ${name} -- COMMAND`);
}

const SEE_TERMINAL = 'The terminal says what to do.';

function declined(word: string): Failure {
  const text =
    word === 'access_denied'
      ? 'the login was declined in the browser; nothing was stored'
      : `X did not let the login begin (${word}); nothing was stored`;
  const hints =
    word === 'invalid_scope' || word === 'unauthorized_client'
      ? ["compare the scopes and the type of app with the app's settings in console.x.com"]
      : [];
  return new Failure(EXIT.no, text, hints);
}

function failurePage({ message }: Failure): Page {
  const [first = ''] = message;
  return {
    isGood: false,
    title: 'Nothing was connected',
    lines: [`${first.toUpperCase()}${message.slice(1)}.`, SEE_TERMINAL],
  };
}
