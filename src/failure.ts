/** Exit codes that scripts may rely on (docs/format.md lists them for users). */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  locked: 3,
  missing: 4,
  no: 5,
  cancelled: 130,
} as const;

/**
 * An error meant for the user: one line that names what is wrong, hints that say what to do, an exit code.
 * Neither message nor hints may ever hold a secret value.
 */
export class Failure extends Error {
  readonly exitCode: number;
  readonly hints: readonly string[];

  constructor(exitCode: number, message: string, hints: readonly string[] = [], cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'Failure';
    this.exitCode = exitCode;
    this.hints = hints;
  }
}

/** Something went wrong that the user did not cause by the way of asking: exit 1. */
export const failed = (message: string, hints?: readonly string[], cause?: unknown): Failure =>
  new Failure(EXIT.failed, message, hints, cause);

/** The command line or the input cannot be used as it is: exit 2. */
export const usage = (message: string, hints?: readonly string[], cause?: unknown): Failure =>
  new Failure(EXIT.usage, message, hints, cause);

/** The store cannot be opened: locked, no identity, wrong passphrase: exit 3. */
export const locked = (message: string, hints?: readonly string[], cause?: unknown): Failure =>
  new Failure(EXIT.locked, message, hints, cause);

/** No such profile or field: exit 4. */
export const missing = (message: string, hints?: readonly string[]): Failure =>
  new Failure(EXIT.missing, message, hints);

/** The user said stop: exit 130. */
export const cancelled = (message = 'cancelled'): Failure => new Failure(EXIT.cancelled, message);

/** Runs work. Where it fails, the failure says one thing more to do, if there is one to say then. */
export async function advising<T>(
  hint: (error: Failure) => string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const more = error instanceof Failure ? hint(error) : undefined;
    if (!(error instanceof Failure) || more === undefined) throw error;
    throw new Failure(error.exitCode, error.message, [...error.hints, more], error);
  }
}

/** The operating system's error code (`ENOENT`, ...) of an unknown thrown value, or an empty string. */
export function systemCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}
