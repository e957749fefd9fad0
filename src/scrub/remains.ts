import type { FieldName } from '../profile/fields.ts';
import { looksLikeCredential } from '../profile/shape.ts';
import type { Move } from './moves.ts';

/** A line that still holds a moved value, or something with the shape of a credential. */
export interface Remain {
  readonly line: number;
  /** Whose value it is; undefined where only the shape says so. */
  readonly field?: FieldName;
}

/** What of the plaintext stays in a scrubbed text: in comments, in keys of a mapping, in what the reader passed over. */
export function remainsIn(text: string, moves: readonly Move[]): Remain[] {
  return text.split(/\r\n|\n|\r/).flatMap((line, at) => {
    const move = moves.find(({ assignment }) => holds(line, assignment.secret.reveal()));
    if (move) return [{ line: at + 1, field: move.field }];
    const tokens = line.match(/[A-Za-z0-9_%][A-Za-z0-9_%-]{17,}/g) ?? [];
    return tokens.some(looksLikeCredential) ? [{ line: at + 1 }] : [];
  });
}

function holds(line: string, value: string): boolean {
  if (value.length === 0) return false;
  return line.includes(value) || line.includes(Buffer.from(value).toString('base64').replace(/=+$/, ''));
}
