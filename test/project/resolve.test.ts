import { describe, expect, it } from 'vitest';
import { EXIT, Failure } from '../../src/failure.ts';
import type { Project } from '../../src/project/project-file.ts';
import {
  type Choice,
  type ChoiceInput,
  checkAccount,
  chooseProfile,
  whereChosen,
} from '../../src/project/resolve.ts';

const PROJECT: Project = { path: '/bots/.twvault.json', env: new Map() };

function input({
  names = [],
  default: byDefault,
  ...rest
}: Partial<ChoiceInput> & { names?: string[]; default?: string }): ChoiceInput {
  const config = byDefault === undefined ? {} : { default: byDefault };
  return { env: {}, vault: { config, names: async () => names }, ...rest };
}

/** What the attempt fails with, in the words that a user sees. */
async function failure(attempt: () => unknown): Promise<unknown> {
  try {
    await attempt();
  } catch (error) {
    const { exitCode, message, hints } = error as Failure;
    if (error instanceof Failure) return { exitCode, message, hints };
  }
  throw new Error('it did not fail as it should');
}

const everything = {
  option: 'by-option',
  env: { TWVAULT_PROFILE: 'by-variable' },
  project: { ...PROJECT, profile: 'by-project' },
  default: 'by-default',
  names: ['the-only-one'],
};

describe('the choice of a profile', () => {
  it('goes through its sources in their order', async () => {
    expect(await chooseProfile(input(everything))).toEqual({ name: 'by-option', because: 'option' });
    const { option: _, ...unnamed } = everything;
    expect(await chooseProfile(input(unnamed))).toEqual({ name: 'by-variable', because: 'TWVAULT_PROFILE' });
    const unset = { ...unnamed, env: { TWVAULT_PROFILE: '' } };
    expect(await chooseProfile(input(unset))).toEqual({ name: 'by-project', because: 'project' });
    const elsewhere = { ...unset, project: PROJECT };
    expect(await chooseProfile(input(elsewhere))).toEqual({ name: 'by-default', because: 'default' });
    expect(await chooseProfile(input({ names: ['alone'] }))).toEqual({ name: 'alone', because: 'only' });
  });

  it('takes the default where there are several profiles, and where it is gone', async () => {
    const choice = await chooseProfile(input({ default: 'gone', names: ['one', 'two'] }));
    expect(choice).toEqual({ name: 'gone', because: 'default' });
  });

  it.each([
    [{ option: '../x' }],
    [{ option: '', default: 'other' }],
    [{ env: { TWVAULT_PROFILE: 'No Name' }, default: 'other' }],
  ])('refuses what cannot be a name instead of asking the next: %#', async (given) => {
    expect(await failure(() => chooseProfile(input(given)))).toMatchObject({ exitCode: EXIT.usage });
  });

  it('stops where a project names several, whatever the default is', async () => {
    const project = { ...PROJECT, profiles: ['one', 'two'] };
    expect(await failure(() => chooseProfile(input({ project, default: 'one' })))).toEqual({
      exitCode: EXIT.usage,
      message: '/bots/.twvault.json names several profiles',
      hints: ['choose one with -p: one, two'],
    });
    expect(await chooseProfile(input({ project, option: 'two' }))).toMatchObject({ name: 'two' });
  });

  it('says what there is to choose from', async () => {
    expect(await failure(() => chooseProfile(input({})))).toEqual({
      exitCode: EXIT.missing,
      message: 'the vault has no profile yet',
      hints: ['add one: twvault add personal'],
    });
    expect(await failure(() => chooseProfile(input({ names: ['one', 'two'] })))).toEqual({
      exitCode: EXIT.missing,
      message: 'several profiles, and none chosen',
      hints: ['choose one with -p NAME, or make one the default: twvault use NAME', 'profiles: one, two'],
    });
  });
});

describe('the pin of an account', () => {
  const pinned = { ...PROJECT, account: '111' };

  it('lets its own account pass, and every account where there is no pin', () => {
    expect(() => checkAccount(pinned, 'right', '111')).not.toThrow();
    expect(() => checkAccount(PROJECT, 'any', '222')).not.toThrow();
    expect(() => checkAccount(undefined, 'any', undefined)).not.toThrow();
  });

  it.each([
    ['222', '222'],
    ['1', '1'],
    [undefined, 'no known account'],
  ])('refuses another: %s', async (id, words) => {
    expect(await failure(() => checkAccount(pinned, 'wrong', id))).toEqual({
      exitCode: EXIT.failed,
      message: `/bots/.twvault.json is pinned to account 111, but wrong belongs to ${words}`,
      hints: ['choose the right profile with -p, or correct the pin'],
    });
  });
});

describe('what is said where the profile that was chosen is not there', () => {
  const project = { path: '/project/.twvault.json', profile: 'gone' } as Project;

  it.each<[Choice['because'], string | undefined]>([
    [
      'project',
      '/project/.twvault.json names it: store it: twvault add gone, or choose another: twvault use NAME --here',
    ],
    [
      'TWVAULT_PROFILE',
      'TWVAULT_PROFILE names it: store it: twvault add gone, or change or unset the variable',
    ],
    ['default', 'it is the default: store it: twvault add gone, or choose another: twvault use NAME'],
    ['option', undefined],
    ['only', undefined],
  ])('%s', (because, words) => {
    expect(whereChosen({ name: 'gone', because }, project)).toBe(words);
  });
});
