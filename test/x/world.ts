import { onTestFinished } from 'vitest';
import { account } from '../examples/accounts.ts';
import { diverted } from '../standin/divert.mjs';
import { type Account, type Asked, type StandInOptions, startStandIn } from '../standin/server.mjs';
import { type Result, User } from '../support/cli.ts';
import { bearerToken, oauth2Token } from '../support/credentials.ts';

/** An account of the stand-in with a token of each kind. */
export function fullAccount(username: string): Account {
  return { ...account(username), bearer_token: bearerToken(), oauth2_access_token: oauth2Token() };
}

type Values = Readonly<Record<string, string | undefined>>;

/** The values of an account that a profile can hold. */
export function valuesOf(account: Account): Values {
  const { id, username, access_level, ...values } = account;
  return values;
}

/** A user with a vault, and X as the stand-in plays it. What twvault says is searched for every value that was stored. */
export class World {
  readonly user = new User().withFileVault();
  readonly asked: Asked[] = [];
  readonly #secrets: string[] = [];
  #port = 0;
  #close: () => Promise<void> = async () => {};

  async withX(
    accounts: readonly Account[],
    fault: NonNullable<StandInOptions['fault']> = () => undefined,
  ): Promise<this> {
    const { port, close } = await startStandIn({
      accounts,
      fault: (asked) => {
        this.asked.push(asked);
        return fault(asked);
      },
    });
    this.#port = port;
    this.closing(close);
    return this;
  }

  closing(close: () => Promise<void>): void {
    this.#close = close;
    onTestFinished(close);
  }

  /** X goes away: connections are refused from now on. */
  async leave(): Promise<void> {
    await this.#close();
  }

  store(name: string, values: Values, ...options: string[]): void {
    const given = Object.entries(values).filter(([, value]) => value !== undefined) as [string, string][];
    this.#secrets.push(...given.filter(([field]) => field !== 'client_id').map(([, value]) => value));
    this.user.must(['add', name, '--stdin', ...options], {
      input: JSON.stringify(Object.fromEntries(given)),
    });
  }

  /** The variables under which the command takes the stand-in for X. */
  get diverted(): Record<string, string> {
    return diverted(this.#port);
  }

  /** Runs the command with X as the stand-in. */
  async run(args: readonly string[], env: Record<string, string> = {}, input?: string): Promise<Result> {
    const options = { env: { ...this.diverted, TWVAULT_DEBUG: '1', ...env }, ...(input && { input }) };
    const result = await this.user.start(args, options);
    this.#checkSilence(result);
    return result;
  }

  #checkSilence({ stdout, stderr }: Result): void {
    for (const secret of this.#secrets) {
      for (const form of [
        secret,
        encodeURIComponent(secret),
        Buffer.from(secret).toString('base64').replace(/=+$/, ''),
      ]) {
        if (`${stdout}${stderr}`.includes(form)) throw new Error('an output holds a value');
      }
    }
  }
}

/** The one report of `verify --json`. */
export function reportOf({
  stdout,
}: Result): Record<string, unknown> & { credentials: Record<string, string> } {
  return JSON.parse(stdout)[0];
}
