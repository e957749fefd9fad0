import { expect } from 'vitest';
import { AgeError, type AgeErrorKind } from '../../src/age/error.ts';

/** The AgeError that a promise or function ends in; fails the test where it succeeds or throws another. */
export async function refusal(attempt: Promise<unknown> | (() => unknown)): Promise<AgeError> {
  const promise = typeof attempt === 'function' ? (async () => attempt())() : attempt;
  const outcome = await promise.then(
    () => 'success',
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(AgeError);
  return outcome as AgeError;
}

/** The kind of that error. */
export async function refusalKind(attempt: Promise<unknown> | (() => unknown)): Promise<AgeErrorKind> {
  return (await refusal(attempt)).kind;
}
