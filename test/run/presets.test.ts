import { chmodSync, linkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { User } from '../support/cli.ts';
import { environmentOf } from '../support/environment.ts';

const LEGACY = { api_key: 'BOT_KEY', api_secret: 'BOT_SECRET', bearer_token: 'BOT_BEARER' };

function setUp() {
  const user = new User().withFileVault();
  const keys = user.add('personal');
  const home = (value: unknown): void => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    writeFileSync(join(user.home, 'presets.json'), text, { mode: 0o600 });
  };
  const project = (value: object): void => {
    writeFileSync(join(user.root, 'work', '.twvault.json'), JSON.stringify(value));
  };
  return { user, keys, home, project };
}

const ofBot = (env: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => /^(BOT|TWITTER)_/.test(name)));

describe('a custom preset', () => {
  it('of the home names the variables, and its stale names go', () => {
    const { user, keys, home } = setUp();
    home({ legacy: LEGACY });
    const env = { BOT_BEARER: 'stale', BOT_OTHER: 'kept' };
    expect(ofBot(environmentOf(user, ['--as', 'legacy'], { env }))).toEqual({
      BOT_KEY: keys.api_key,
      BOT_SECRET: keys.api_secret,
      BOT_OTHER: 'kept',
    });
  });

  it('of the project is the nearer one, by option and by "preset"', () => {
    const { user, keys, home, project } = setUp();
    home({ legacy: LEGACY, other: { api_key: 'BOT_OTHER' } });
    project({ presets: { legacy: { api_key: 'BOT_NEAR' } }, preset: 'legacy' });
    expect(ofBot(environmentOf(user, []))).toEqual({ BOT_NEAR: keys.api_key });
    expect(ofBot(environmentOf(user, ['--as', 'other']))).toEqual({ BOT_OTHER: keys.api_key });
    project({ preset: 'other' });
    expect(ofBot(environmentOf(user, []))).toEqual({ BOT_OTHER: keys.api_key });
  });

  it('serves export as well', () => {
    const { user, keys, home } = setUp();
    home({ legacy: LEGACY });
    const { stdout } = user.must(['export', 'personal', '--format', 'json', '--as', 'legacy']);
    expect(JSON.parse(stdout)).toMatchObject({ BOT_KEY: keys.api_key, ACCESS_TOKEN: keys.access_token });
  });

  it('that is not there is refused with those that are', () => {
    const { user, home, project } = setUp();
    home({ legacy: LEGACY });
    project({ presets: { mine: { api_key: 'X' } } });
    for (const command of [
      ['exec', '--as', 'none', 'true'],
      ['export', 'personal', '--format', 'json', '--as', 'none'],
    ]) {
      const { stderr } = user.run(command);
      expect(stderr).toMatch(/there is no preset none\n.*twitter, .*authjs, mine, legacy/);
    }
  });

  it.each([
    [{ twitter: { api_key: 'X' } }, /twitter has the name of a built-in preset/],
    [{ tweepy: { api_key: 'X' } }, /tweepy has the name of a built-in preset/],
    [{ Legacy: { api_key: 'X' } }, /not a preset's name/],
    [{ legacy: { password: 'X' } }, /legacy is not a field/],
    [{ legacy: { api_key: 'a b' } }, /cannot be an environment variable/],
    [{ legacy: { api_key: 'LD_PRELOAD' } }, /changes how programs are run/],
    [{ legacy: { api_key: 'X', api_secret: 'X' } }, /has X twice/],
    [{ legacy: { oauth2_refresh_token: 'X' } }, /never handed over/],
    [{ legacy: {} }, /names no field/],
    [{ legacy: { api_key: 1 } }, /not a string/],
    [[], /not an object/],
  ])('is refused where it is wrong: %j', (presets, message) => {
    const { user, home, project } = setUp();
    home(presets);
    const ofHome = user.run(['exec', '--as', 'legacy', 'true']);
    expect([ofHome.status, ofHome.stderr]).toEqual([125, expect.stringMatching(message)]);
    rmSync(join(user.home, 'presets.json'));
    project({ presets });
    const ofProject = user.run(['exec', '--as', 'legacy', 'true']);
    expect([ofProject.status, ofProject.stderr]).toEqual([125, expect.stringMatching(message)]);
  });

  it('is read from no file of the home that others could have made', () => {
    const { user, home } = setUp();
    home('{"legacy"');
    expect(user.run(['exec', '--as', 'legacy', 'true']).stderr).toMatch(/presets\.json is refused: not JSON/);
    home({ legacy: LEGACY });
    linkSync(join(user.home, 'presets.json'), join(user.root, 'twin'));
    expect(user.run(['exec', '--as', 'legacy', 'true']).stderr).toMatch(/hard link/);
    chmodSync(user.home, 0o700);
    user.must(['exec', '--as', 'x', 'true']); // a built-in one does without the file
  });
});
