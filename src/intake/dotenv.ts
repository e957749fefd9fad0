import { parse } from 'dotenv';
import { Secret } from '../profile/secret.ts';
import type { Assignment } from './assignment.ts';

/** The lines of a dotenv file, as the library dotenv reads them; of two lines with one name the last counts. */
export function readDotenv(text: string): Assignment[] {
  return Object.entries(parse(text)).map(([name, value]) => ({
    name,
    scope: [],
    secret: new Secret(value),
    line: 1,
    value: { start: 0, end: 0 },
  }));
}
