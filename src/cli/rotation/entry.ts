import { usage } from '../../failure.ts';
import { collectFields } from '../../intake/collect.ts';
import { readText } from '../../intake/read.ts';
import { type FieldName, fieldOf } from '../../profile/fields.ts';
import type { Profile } from '../../profile/profile.ts';
import type { Secret } from '../../profile/secret.ts';
import { shapeWarnings } from '../../profile/shape.ts';
import { standardInput } from '../input.ts';
import { say, warn } from '../voice.ts';

export type Values = ReadonlyMap<FieldName, Secret>;

const APP_PAIR = ['api_key', 'api_secret'] as const;
export const USER_PAIR = ['access_token', 'access_token_secret'] as const;
const ROTATED: readonly FieldName[] = [...APP_PAIR, ...USER_PAIR];

/**
 * The new values from standard input.
 * @throws Failure exit 2
 */
export function valuesFromInput(): Values {
  const { fields, notes } = collectFields(readText(standardInput()));
  for (const note of notes) say(note);
  const other = [...fields.keys()].find((field) => !ROTATED.includes(field));
  if (other !== undefined) {
    throw usage(`rotate takes ${ROTATED.join(', ')}, not ${other}`, [
      `store it with twvault set PROFILE ${other}`,
    ]);
  }
  return fields;
}

/** Asks for a new API key and secret. */
export async function askAppPair(): Promise<Values> {
  return askPair(APP_PAIR, false);
}

/** Asks for a new access token and secret, which may be left out. */
export async function askUserPair(): Promise<Values> {
  return askPair(USER_PAIR, true);
}

async function askPair(pair: readonly [FieldName, FieldName], isOptional: boolean): Promise<Values> {
  const { askField } = await import('../login/ask.ts');
  const { keepTerminal } = await import('../prompt.ts');
  return keepTerminal(async () => {
    const first = await askField(pair[0], isOptional);
    if (!first) return new Map();
    const second = await askField(pair[1]);
    return new Map([[pair[0], first] as const, ...(second ? [[pair[1], second] as const] : [])]);
  });
}

/**
 * Looks at what is to be staged, before anything is.
 * @throws Failure exit 2 where it is half a pair, or nothing new
 */
export function checkEntered(values: Values, { fields }: Profile): void {
  for (const pair of [APP_PAIR, USER_PAIR]) {
    const [has, lacks] = [pair.find((field) => values.has(field)), pair.find((field) => !values.has(field))];
    if (lacks !== undefined && (has !== undefined || pair === APP_PAIR)) {
      throw usage(`the new ${fieldOf(lacks).label} (${lacks}) is missing`, [
        'a pair is exchanged as a whole',
      ]);
    }
  }
  const isOld = APP_PAIR.every((field) => {
    const [entered, stored] = [values.get(field), fields.get(field)?.secret];
    return entered !== undefined && stored !== undefined && entered.equals(stored);
  });
  if (isOld) {
    throw usage('those are the API key and secret that are stored already', [
      'regenerate them first, in console.x.com',
    ]);
  }
  for (const text of shapeWarnings(values)) warn(text);
}
