import { describe, expect, it } from 'vitest';
import { type Backup, backupFrom, backupText } from '../../src/backup/document.ts';
import { planRestore } from '../../src/backup/plan.ts';
import type { Json } from '../../src/profile/json.ts';
import { emptyProfile } from '../../src/profile/profile.ts';
import { Secret } from '../../src/profile/secret.ts';

const MADE = '2026-05-06T07:08:09Z';
const profile = (name: string, inherit?: string) => ({
  ...emptyProfile(name, MADE),
  generation: 3,
  ...(inherit === undefined ? {} : { inherit }),
});
const backup = (...profiles: Backup['profiles']): Backup => ({ made: MADE, profiles });

describe('the document of a backup', () => {
  it('is readable, and reads back as what it was', () => {
    const extras = new Map([['TOKEN', { secret: new Secret('väl"ue\n'), set: MADE }]]);
    const whole = { ...backup(profile('app'), { ...profile('brand', 'app'), extras }), default: 'brand' };
    const text = backupText(whole);
    expect(text).toMatch(/^\{\n {2}"format": "twvault-backup-1",\n {2}"made": "2026-05-06T07:08:09Z",\n/);
    expect(backupText(backupFrom(text))).toBe(text);
    expect(backupFrom(text).profiles[1]?.extras.get('TOKEN')?.secret.reveal()).toBe('väl"ue\n');
    // A person may have written it anew.
    expect(backupText(backupFrom(JSON.stringify(JSON.parse(text))))).toBe(text);
  });

  it('has presets only where there are any, and reads a document without', () => {
    const presets = new Map([['legacy', new Map([['api_key', 'BOT_KEY'] as const])]]);
    const text = backupText({ ...backup(profile('app')), presets });
    expect(JSON.parse(text).presets).toEqual({ legacy: { api_key: 'BOT_KEY' } });
    expect(backupFrom(text).presets).toEqual(presets);
    expect(backupText({ ...backup(profile('app')), presets: new Map() })).not.toContain('presets');
    expect(backupFrom(backupText(backup(profile('app'))))).not.toHaveProperty('presets');
  });

  it.each<[string, (document: Record<string, Json>) => Json | string]>([
    ['its format is none that this twvault knows', (it) => ({ ...it, format: 'twvault-backup-2' })],
    ['the document has an unknown key', (it) => ({ ...it, more: 1 })],
    ['made is not a time', (it) => ({ ...it, made: 'today' })],
    ['profiles is not a list', (it) => ({ ...it, profiles: {} })],
    [
      'it has two profiles of one name',
      (it) => ({ ...it, profiles: [...(it.profiles as Json[]), ...(it.profiles as Json[])] }),
    ],
    ['default is none of its profiles', (it) => ({ ...it, default: 'nobody' })],
    ["default is not a profile's name", (it) => ({ ...it, default: '../../etc' })],
    [
      "profile is not a profile's name",
      (it) => ({ ...it, profiles: [{ ...(it.profiles as object[])[0], profile: '../x' }] }),
    ],
    ['presets is not an object', (it) => ({ ...it, presets: [] })],
    ['a key of presets.legacy is not a field', (it) => ({ ...it, presets: { legacy: { key: 'A' } } })],
    ['PATH', (it) => ({ ...it, presets: { legacy: { api_key: 'PATH' } } })],
    ['not JSON', () => '{"format": "sEcReT'],
    ['the document is not an object', () => []],
  ])('is refused where %s', (reason, spoil) => {
    const spoilt = spoil(JSON.parse(backupText(backup(profile('app')))));
    const text = typeof spoilt === 'string' ? spoilt : JSON.stringify(spoilt);
    expect(() => backupFrom(text)).toThrow(reason);
    expect(() => backupFrom(text)).not.toThrow('sEcReT');
  });
});

describe('a plan', () => {
  const namesOf = async (...profiles: Backup['profiles']) =>
    (await planRestore(null, backup(...profiles), 'add')).map((step) => step.profile);

  it('has parents before children', async () => {
    expect(await namesOf(profile('a', 'b'), profile('b', 'c'), profile('d'), profile('c'))).toEqual([
      'd',
      'c',
      'b',
      'a',
    ]);
  });

  it('refuses chains that lead nowhere, round or too far', async () => {
    await expect(namesOf(profile('a', 'gone'))).rejects.toThrow('a inherits from gone, which is nowhere');
    await expect(namesOf(profile('a', 'b'), profile('b', 'a'))).rejects.toThrow('would inherit from itself');
    const long = Array.from({ length: 10 }, (_, at) =>
      profile(`p${at}`, at === 0 ? undefined : `p${at - 1}`),
    );
    await expect(namesOf(...long)).rejects.toThrow('p9 would inherit through too many profiles');
    expect(await namesOf(...long.slice(0, 9))).toHaveLength(9);
  });

  it('lets a profile inherit from one that only the vault has', async () => {
    const vault = {
      existing: async () => null,
      entry: (name: string) => (name === 'app' ? {} : undefined),
    };
    expect(await planRestore(vault, backup(profile('a', 'app')), 'add')).toHaveLength(1);
  });
});
