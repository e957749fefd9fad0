import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { User } from '../support/cli.ts';
import { alphanumeric } from '../support/credentials.ts';
import { environmentOf } from '../support/environment.ts';

function setUp() {
  const user = new User().withFileVault();
  const keys = { personal: user.add('personal'), brand: user.add('my-brand') };
  user.must(['set', 'my-brand', 'OPENAI_API_KEY'], { input: 'made-up\n' });
  const project = (value: object): void => {
    writeFileSync(join(user.root, 'work', '.twvault.json'), JSON.stringify(value));
  };
  const refusal = (...args: string[]): string => {
    const { status, stderr } = user.run(['exec', ...args, '--', 'true']);
    expect(status).toBe(125);
    return stderr;
  };
  return { user, keys, project, refusal };
}

const filled = (env: Record<string, string>): string[] =>
  Object.keys(env)
    .filter((name) => /^(PERSONAL|MY_BRAND|TWITTER|OPENAI|CONSUMER|ACCESS)/.test(name))
    .sort();

describe('several profiles in one run', () => {
  it("each have their name before their variables, the preset's and the extras", () => {
    const { user, keys } = setUp();
    const stale = { TWITTER_API_KEY: 'stale', PERSONAL_TWITTER_BEARER_TOKEN: 'stale', OTHER: 'kept' };
    const both = ['-p', 'personal', '-p', 'my-brand', '--prefix'];
    const env = environmentOf(user, both, { env: stale });
    expect(env).toMatchObject({
      PERSONAL_TWITTER_API_KEY: keys.personal.api_key,
      PERSONAL_TWITTER_ACCESS_TOKEN_SECRET: keys.personal.access_token_secret,
      MY_BRAND_TWITTER_API_KEY: keys.brand.api_key,
      MY_BRAND_OPENAI_API_KEY: 'made-up',
      OTHER: 'kept',
    });
    expect(filled(env)).toHaveLength(9);
    expect(filled(env)).not.toContain('PERSONAL_TWITTER_BEARER_TOKEN');
  });

  it('take the preset, the limits and further names each for itself', () => {
    const { user, keys } = setUp();
    const both = ['-p', 'personal', '-p', 'my-brand', '--prefix', '--as', 'tutorial'];
    const env = environmentOf(user, [...both, '--only', 'api_key', '--env', 'KEY=api_secret']);
    expect(filled(env)).toEqual([
      'MY_BRAND_CONSUMER_KEY',
      'MY_BRAND_KEY',
      'PERSONAL_CONSUMER_KEY',
      'PERSONAL_KEY',
    ]);
    expect(env.MY_BRAND_KEY).toBe(keys.brand.api_secret);
    const explicit = environmentOf(user, [...both, '--env', 'ONE=my-brand/api_key']);
    expect(explicit.ONE).toBe(keys.brand.api_key);
  });

  it('are refused without --prefix, and where one of them is not there', () => {
    const { refusal } = setUp();
    expect(refusal('-p', 'personal', '-p', 'my-brand')).toMatch(/--prefix/);
    expect(refusal('-p', 'personal', '-p', 'nobody', '--prefix')).toMatch(/nobody/);
    expect(refusal('-p', 'personal', '-p', 'personal', '--prefix')).toMatch(/personal and personal/);
    expect(refusal('-p', 'personal', '-p', 'my-brand', '--prefix', '--serve')).toMatch(/one profile/);
  });

  it('are refused where their names collide, and both are named', () => {
    const { user, refusal } = setUp();
    // Not a variable in common, but which of the two a name is of nobody could tell.
    user.must(['add', 'my.brand', '--stdin'], {
      input: `BEARER_TOKEN=${'A'.repeat(22)}${alphanumeric(90)}\n`,
    });
    expect(refusal('-p', 'my-brand', '-p', 'my.brand', '--prefix')).toMatch(
      /my-brand and my\.brand would both fill MY_BRAND_/,
    );
    user.add('my');
    user.must(['set', 'my', 'BRAND_OPENAI_API_KEY'], { input: 'made-up too\n' });
    expect(refusal('-p', 'my', '-p', 'my-brand', '--prefix')).toMatch(
      /my and my-brand would both fill MY_BRAND_OPENAI_API_KEY/,
    );
  });

  it('never make a variable that changes how programs are run', () => {
    const { user, refusal } = setUp();
    user.add('ld');
    user.must(['set', 'ld', 'PRELOAD'], { input: '/tmp/x.so\n' });
    expect(refusal('-p', 'ld', '--prefix')).toMatch(/changes how programs are run/);
  });

  it('come from .twvault.json, unless the command line or TWVAULT_PROFILE names one', () => {
    const { user, project, refusal } = setUp();
    project({ profiles: ['personal', 'my-brand'], only: ['api_key'] });
    expect(filled(environmentOf(user, []))).toEqual(['MY_BRAND_TWITTER_API_KEY', 'PERSONAL_TWITTER_API_KEY']);
    expect(filled(environmentOf(user, ['-p', 'personal']))).toEqual(['TWITTER_API_KEY']);
    const env = { TWVAULT_PROFILE: 'personal' };
    expect(filled(environmentOf(user, [], { env }))).toEqual(['TWITTER_API_KEY']);
    expect(user.run(['show']).stderr).toMatch(/names several profiles/);
    project({ profiles: ['personal'], profile: 'personal' });
    expect(refusal()).toMatch(/both profile and profiles/);
    project({ profiles: ['personal', 'personal'] });
    expect(refusal()).toMatch(/personal twice/);
  });

  it('are held to the pin of the project, each of them', () => {
    const { keys, project, refusal } = setUp();
    const [account] = keys.personal.access_token.split('-');
    project({ account });
    expect(refusal('-p', 'personal', '-p', 'my-brand', '--prefix')).toMatch(/but my-brand belongs to/);
  });
});

it('--prefix does for one profile as well', () => {
  const { user, keys } = setUp();
  const env = environmentOf(user, ['-p', 'personal', '--prefix', '--only', 'api_key']);
  expect(filled(env)).toEqual(['PERSONAL_TWITTER_API_KEY']);
  expect(env.PERSONAL_TWITTER_API_KEY).toBe(keys.personal.api_key);
});

describe('--without', () => {
  it('keeps fields and extras back, and their names clear', () => {
    const { user } = setUp();
    const env = environmentOf(
      user,
      ['-p', 'my-brand', '--without', 'access_token,access_token_secret', '--without=OPENAI_API_KEY'],
      { env: { TWITTER_ACCESS_TOKEN: 'stale' } },
    );
    expect(filled(env)).toEqual(['TWITTER_API_KEY', 'TWITTER_API_SECRET']);
  });

  it('does not go with --only, and knows names that are none', () => {
    const { refusal } = setUp();
    expect(refusal('-p', 'personal', '--without', 'api_key', '--only', 'api_secret')).toMatch(/--without/);
    expect(refusal('-p', 'personal', '--without', 'apikey')).toMatch(/neither a field/);
  });

  it('is read from .twvault.json, and replaced by what the command line says', () => {
    const { user, project, refusal } = setUp();
    project({ profile: 'personal', without: ['access_token', 'access_token_secret'] });
    expect(filled(environmentOf(user, []))).toEqual(['TWITTER_API_KEY', 'TWITTER_API_SECRET']);
    expect(filled(environmentOf(user, ['--only', 'access_token']))).toEqual(['TWITTER_ACCESS_TOKEN']);
    project({ profile: 'personal', only: ['api_key'] });
    expect(filled(environmentOf(user, []))).toEqual(['TWITTER_API_KEY']);
    expect(filled(environmentOf(user, ['--without', 'api_key']))).toHaveLength(3);
    project({ only: ['api_key'], without: ['api_secret'] });
    expect(refusal()).toMatch(/both only and without/);
    project({ only: ['password'] });
    expect(refusal()).toMatch(/only\[0\] names neither/);
  });
});
