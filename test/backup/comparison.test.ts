import { describe, expect, it } from 'vitest';
import { differenceBetween, merged } from '../../src/backup/comparison.ts';
import type { FieldName } from '../../src/profile/fields.ts';
import { type Change, changed, emptyProfile, type Profile } from '../../src/profile/profile.ts';
import { Secret } from '../../src/profile/secret.ts';

const OLD = '2024-01-02T03:04:05Z';

type Values = Partial<Record<FieldName, string>>;

function profile(fields: Values, extras: Record<string, string> = {}, more: Change = {}): Profile {
  const secrets = (values: Record<string, string>) =>
    new Map(Object.entries(values).map(([name, value]) => [name, new Secret(value)]));
  const change = { ...more, fields: secrets(fields) as Map<FieldName, Secret>, extras: secrets(extras) };
  return changed(emptyProfile('brand', OLD), change, OLD);
}

const fieldsOf = ({ fields }: Profile) =>
  Object.fromEntries([...fields].map(([name, { secret }]) => [name, secret.reveal()]));

describe('the difference between a profile and its backup', () => {
  it('is none where only dates and generations differ', () => {
    const mine = profile({ api_key: 'k' }, { EXTRA: 'e' });
    const theirs = {
      ...mine,
      generation: 7,
      created: '2020-01-01T00:00:00Z',
      updated: '2020-01-01T00:00:00Z',
    };
    expect(differenceBetween(mine, theirs)).toBeNull();
  });

  it('names fields, extras and members, and no value', () => {
    const mine = profile(
      { api_key: 'mine', bearer_token: 'b' },
      { SAME: 's', OTHER: '1' },
      { inherit: 'app' },
    );
    const theirs = profile({ api_key: 'theirs', api_secret: 's' }, { SAME: 's', OTHER: '2', MORE: 'm' });
    expect(differenceBetween(mine, theirs)).toEqual({
      changed: ['api_key', 'OTHER'],
      onlyInBackup: ['api_secret', 'MORE'],
      onlyInVault: ['inherit', 'bearer_token'],
    });
  });

  it('sees the account, the grant and what is staged', () => {
    const grant = { expires: OLD, scopes: ['users.read'] };
    const mine = profile({ oauth2_access_token: 't' }, {}, { grant, account: { id: '1' } });
    const other = { grant: { ...grant, scopes: [] }, account: { id: '1', name: 'b' }, staged: new Map() };
    expect(differenceBetween(mine, { ...mine, ...other })?.changed).toEqual(['account', 'grant']);
    const staged = new Map([['api_key', { secret: new Secret('k'), set: OLD }] as const]);
    expect(differenceBetween(mine, { ...mine, staged })?.onlyInBackup).toEqual(['staged api_key']);
  });
});

describe('merging', () => {
  it('adds what is missing with its date, and keeps what is there', () => {
    const mine = profile({ api_key: 'k', api_secret: 's' }, { KEPT: 'mine' });
    const theirs = profile(
      { api_key: 'x', api_secret: 'y', bearer_token: 'b' },
      { KEPT: 'theirs', NEW: 'n' },
      { inherit: 'app' },
    );
    const result = merged(mine, theirs);
    expect(fieldsOf(result)).toEqual({ api_key: 'k', api_secret: 's', bearer_token: 'b' });
    expect([...result.extras].map(([name, { secret }]) => [name, secret.reveal()])).toEqual([
      ['KEPT', 'mine'],
      ['NEW', 'n'],
    ]);
    expect(result.fields.get('bearer_token')?.set).toBe(OLD);
    expect(result.extras.get('NEW')?.set).toBe(OLD);
    expect(result.inherit).toBe('app');
    expect(result.generation).toBeGreaterThan(mine.generation);
    expect(differenceBetween(result, merged(result, theirs))).toBeNull();
  });

  it('never makes a pair of two halves', () => {
    const half = profile({ api_key: 'mine' });
    expect(fieldsOf(merged(half, profile({ api_key: 'theirs', api_secret: 's' })))).toEqual({
      api_key: 'mine',
    });
    expect(fieldsOf(merged(half, profile({ api_secret: 's' })))).toEqual({ api_key: 'mine' });
    const whole = { api_key: 'mine', api_secret: 's' };
    expect(fieldsOf(merged(half, profile(whole)))).toEqual(whole);
  });

  it('never makes a login of two, and takes the grant along with its token', () => {
    const grant = { expires: OLD, scopes: ['users.read'] };
    const login = { oauth2_access_token: 't', oauth2_refresh_token: 'r' };
    const theirs = profile(login, {}, { grant });
    expect(merged(profile({ api_key: 'k' }), theirs).grant).toEqual(grant);
    const mine = profile({ oauth2_access_token: 'another' });
    expect(fieldsOf(merged(mine, theirs))).toEqual({ oauth2_access_token: 'another' });
    expect(merged(mine, theirs).grant).toBeUndefined();
    expect(fieldsOf(merged(profile({ oauth2_refresh_token: 'r2' }), theirs))).toEqual({
      oauth2_refresh_token: 'r2',
    });
  });

  it('takes no token of another account', () => {
    const mine = profile(
      { access_token: '11-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' },
      {},
      { account: { id: '11' } },
    );
    const theirs = profile({ oauth2_access_token: 't', bearer_token: 'b' }, {}, { account: { id: '22' } });
    const result = merged(mine, theirs);
    expect(result.account).toEqual({ id: '11' });
    expect([...result.fields.keys()]).toEqual(['access_token', 'bearer_token']);
  });
});
