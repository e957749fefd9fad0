import { describe, expect, it } from 'vitest';
import {
  DEFAULT_MIN_LIFE_MS,
  expiryOf,
  isExpiring,
  isGrantExpiring,
  isRenewable,
  TOKEN_LIFE_MS,
} from '../../src/profile/grant.ts';
import { changed, emptyProfile, type Profile, timestampAt } from '../../src/profile/profile.ts';
import { Secret } from '../../src/profile/secret.ts';
import { alphanumeric, oauth2Token } from '../support/credentials.ts';

const MINUTE = 60_000;
const STORED = Date.parse('2026-01-01T12:00:00Z');
const AT = timestampAt(STORED);

/** A profile whose tokens were stored at STORED, with a grant of so many minutes where one is given. */
function loggedIn(tokens: Record<string, string>, minutes?: number): Profile {
  const fields = Object.entries(tokens).map(([name, value]) => [name, new Secret(value)] as const);
  const grant = minutes === undefined ? undefined : { expires: at(minutes), scopes: ['tweet.read'] };
  return changed(emptyProfile('a', AT), { fields: new Map(fields as never), ...(grant && { grant }) }, AT);
}

const at = (minutes: number): string => timestampAt(STORED + minutes * MINUTE);
const later = (minutes: number): number => STORED + minutes * MINUTE;

describe('a login', () => {
  it('can be renewed where both of its tokens are there', () => {
    const both = { oauth2_access_token: oauth2Token(), oauth2_refresh_token: oauth2Token('rt') };
    expect(isRenewable(loggedIn(both))).toBe(true);
    for (const name of Object.keys(both))
      expect(isRenewable(loggedIn({ [name]: oauth2Token() }))).toBe(false);
  });

  it('ends when its grant says, and without one two hours after its token says it was issued', () => {
    expect([TOKEN_LIFE_MS, DEFAULT_MIN_LIFE_MS]).toEqual([7_200_000, 600_000]);
    const issued = loggedIn({ oauth2_access_token: oauth2Token('at', STORED) });
    expect(expiryOf(issued)).toBe(later(120));
    expect(expiryOf(loggedIn({ oauth2_access_token: oauth2Token('at', STORED) }, 30))).toBe(later(30));
  });

  it.each([
    ['a refresh token', oauth2Token('rt', STORED)],
    ['a code', oauth2Token('ac', STORED)],
    ['a token that says nothing', alphanumeric(91)],
  ])('of %s for its access token has no known end', (_, value) => {
    const profile = loggedIn({ oauth2_access_token: value });
    expect([expiryOf(profile), isExpiring(profile, 10 * MINUTE)]).toEqual([undefined, undefined]);
  });

  it('without an access token has none either', () => {
    expect(isExpiring(loggedIn({ api_key: alphanumeric(25) }), 10 * MINUTE)).toBeUndefined();
  });
});

describe.each([
  ['with a grant', loggedIn({ oauth2_access_token: alphanumeric(91) }, 120)],
  ['by what its token says', loggedIn({ oauth2_access_token: oauth2Token('at', STORED) })],
])('a login of two hours, %s', (_, profile) => {
  it.each([
    [0, 10, false],
    [109, 10, false],
    [110, 10, false], // exactly as much as is asked for
    [110.1, 10, true],
    [121, 10, true],
    [121, 0, true],
    // More than it can ever live: fresh for the first tenth.
    [11.9, 500, false],
    [12.1, 500, true],
    // The clock was set back, by less than a minute and by more.
    [-0.9, 10, false],
    [-1.1, 10, true],
  ])('%d minutes on, asked for %d: expiring is %s', (minutes, minLife, expected) => {
    expect(isExpiring(profile, minLife * MINUTE, later(minutes))).toBe(expected);
    const grant = { expires: at(120), scopes: [] };
    expect(isGrantExpiring(grant, AT, minLife * MINUTE, later(minutes))).toBe(expected);
  });
});

it('a grant shorter than usual counts as fresh for nine tenths of its own life', () => {
  const short = loggedIn({ oauth2_access_token: alphanumeric(91) }, 5);
  expect([0.4, 0.6].map((minutes) => isExpiring(short, 10 * MINUTE, later(minutes)))).toEqual([false, true]);
});
