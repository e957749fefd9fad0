import type { AgeError } from '../../src/age/error.ts';
import { Failure } from '../../src/failure.ts';
import type { FormatError } from '../../src/profile/json.ts';

/** Something that makes sense of bytes from outside, or says why it cannot. */
export interface Parser {
  readonly name: string;
  /** Valid documents, to begin with; those of the corpus come in addition. */
  readonly seeds: readonly Buffer[];
  /** What may be thrown. */
  readonly refusals: readonly (typeof Failure | typeof FormatError | typeof AgeError)[];
  /** What no message may hold any part of. */
  readonly secrets?: readonly string[];
  read(bytes: Buffer): unknown;
}

/** A value in the seeds that no message may show. Made up, in the shape of an API Key Secret. */
export const SECRET = 'Qz7sEnTiNeLthatNoMessageMayShow0123456789abcdefXYZ';

const LONGEST = 300;
/** Less of a value than this gives nobody the rest. */
const PART = 24;

const partsOf = (text: string): string[] =>
  Array.from({ length: Math.max(0, text.length - PART + 1) }, (_, at) => text.slice(at, at + PART));

/** What is wrong with what a parser threw, or undefined where it is a refusal as it should be. */
export function complaint(error: unknown, { refusals, secrets = [SECRET] }: Parser): string | undefined {
  if (!refusals.some((kind) => error instanceof kind)) return `threw ${String(error)}`;
  const { message, hints = [] } = error as Failure;
  const hidden = new Set(secrets.flatMap(partsOf));
  for (const text of [message, ...hints]) {
    if (text === '' || text.length > LONGEST) return `says ${text.length} characters`;
    if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)) return `says a control character: ${JSON.stringify(text)}`;
    if (partsOf(text).some((part) => hidden.has(part))) return `shows a value: ${text}`;
  }
  if (error instanceof Failure && ![1, 2, 3, 4, 5].includes(error.exitCode))
    return `exits with ${error.exitCode}`;
  return undefined;
}
