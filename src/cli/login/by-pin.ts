import { EXIT, Failure, locked } from '../../failure.ts';
import type { FieldName } from '../../profile/fields.ts';
import { Secret } from '../../profile/secret.ts';
import { openInBrowser } from '../../system/browser.ts';
import { beginPinLogin, type PinLogin, type UserPair } from '../../x/login-pin.ts';
import type { Context } from '../context.ts';
import { accountText } from '../profile-report.ts';
import { hint, say } from '../voice.ts';
import type { Target } from './target.ts';

export interface PinOptions {
  readonly isReadOnly: boolean;
  readonly isBrowser: boolean;
  readonly isReplacing: boolean;
}

const MOST_PINS = 5;

/** Logs an account in by OAuth 1.0a, with the PIN that X shows in the browser. */
export async function logInByPin(context: Context, target: Target, options: PinOptions): Promise<void> {
  if (!(await context.terminal())) {
    throw locked('there is no terminal to ask for the PIN on', [
      'run it in a terminal',
      `or log in by OAuth 2.0, which needs none: twvault login ${target.name} --oauth2`,
    ]);
  }
  await target.need(['api_key', 'api_secret']);
  const [key, secret] = [target.value('api_key'), target.value('api_secret')] as [Secret, Secret];
  const login = await beginPinLogin({ key, secret }, options.isReadOnly);
  say(`log in to x.com as the account that ${target.name} is for, and allow the app: ${login.link}`);
  if (options.isBrowser) openInBrowser(login.link, context.env);
  const { token, tokenSecret, account } = await byPin(login, target.name);
  target.checkAccount(account, options.isReplacing);
  const fields = new Map<FieldName, Secret>([
    ['access_token', token],
    ['access_token_secret', tokenSecret],
  ]);
  await target.keep({ fields, account });
  const kind = options.isReadOnly ? ', read-only' : '';
  say(
    `${target.name} is connected to ${accountText(account)}${kind}: stored ${[...fields.keys()].join(', ')}`,
  );
  hint(`run a program with them: twvault exec -p ${target.name} -- COMMAND`);
}

async function byPin(login: PinLogin, name: string): Promise<UserPair> {
  const { askSecret } = await import('../prompt.ts');
  for (let attempt = 1; attempt <= MOST_PINS; attempt += 1) {
    const pin = (await askSecret('the PIN that X shows')).reveal().replace(/\s/g, '');
    if (!/^\d{5,10}$/.test(pin)) {
      say('a PIN is a number of 7 digits: type it again');
      continue;
    }
    const pair = await login.complete(new Secret(pin));
    if (pair) return pair;
    if (attempt < MOST_PINS) say('X does not take that PIN: type it again');
  }
  throw new Failure(EXIT.no, 'X took none of the PINs; nothing was stored', [
    `begin again for a new one: twvault login ${name} --pin`,
  ]);
}
