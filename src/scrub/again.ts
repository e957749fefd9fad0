import { Failure, failed } from '../failure.ts';
import type { Assignment, Format } from '../intake/assignment.ts';

/**
 * What a changed text assigns.
 * @throws Failure exit 1 where it is no longer of its format
 */
export function readAgain(path: string, format: Format, text: string): Assignment[] {
  try {
    return format.read(text);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw failed(`${path} was left as it is: it would no longer be ${format.name}`);
  }
}
