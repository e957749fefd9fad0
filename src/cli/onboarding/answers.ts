import { usage } from '../../failure.ts';
import type { Context } from '../context.ts';
import type { Decision, SetupOptions } from './options.ts';

/** The answers to the questions of `setup`: from its options, else from the person on the terminal. */
export class Answers {
  readonly options: SetupOptions;
  /** Whether there is somebody to ask. */
  readonly canAsk: boolean;
  readonly #lacking: string[] = [];

  private constructor(options: SetupOptions, canAsk: boolean) {
    this.options = options;
    this.canAsk = canAsk;
  }

  static async of(context: Context, options: SetupOptions): Promise<Answers> {
    return new Answers(options, (await context.terminal()) !== undefined);
  }

  /** What the options answer; undefined where it has to be asked. */
  given(decision: Decision): boolean | undefined {
    const said = this.options[decision];
    if (said !== undefined) return said !== false;
    return this.options.yes ? true : undefined;
  }

  /** Notes that a decision is going to be needed. */
  need(decision: Decision): void {
    if (this.given(decision) === undefined) this.lack(`--${decision} or --no-${decision}`);
  }

  /** Notes what is going to be needed on the command line where nobody can be asked. */
  lack(options: string): void {
    if (!this.canAsk) this.#lacking.push(options);
  }

  /** @throws Failure exit 2 where nobody can be asked for what the options leave open */
  check(): void {
    if (this.#lacking.length === 0) return;
    throw usage(`there is no terminal to ask on: say ${this.#lacking.join(', ')}`, [
      '--yes answers every question with yes; twvault setup --help explains each',
    ]);
  }

  /** Yes or no, asked where no option says it. */
  async yes(decision: Decision, question: string): Promise<boolean> {
    const given = this.given(decision);
    if (given !== undefined) return given;
    const { askConfirmation } = await import('../prompt.ts');
    return askConfirmation(question, true);
  }
}
