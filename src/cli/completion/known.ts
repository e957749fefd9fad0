import { FIELDS, fieldOf, isFieldName } from '../../profile/fields.ts';
import { fieldOrigins } from '../../profile/inherit.ts';
import { projectOf } from '../../project/project-file.ts';
import { chooseProfile } from '../../project/resolve.ts';
import { readConfig } from '../../vault/config.ts';
import { ProfileIndex } from '../../vault/profile-index.ts';
import type { Context } from '../context.ts';
import type { Candidate, Known } from './answer.ts';

/** Where completion is asked for. */
export type Place = Pick<Context, 'env' | 'home' | 'cwd'>;

/** What the index tells: no store, no keychain, no lock. Whatever is damaged or missing is simply not known. */
export class KnownByIndex implements Known {
  readonly #place: Place;
  readonly #index: ProfileIndex;

  constructor(place: Place) {
    this.#place = place;
    this.#index = new ProfileIndex(place.home);
  }

  async profiles(): Promise<Candidate[]> {
    return this.#names().map((value) => ({ value, about: this.#account(value) }));
  }

  async stored(profile: string | undefined): Promise<Candidate[]> {
    try {
      const chain = this.#index.chain(profile ?? (await this.#chosen()));
      return [...fieldOrigins(chain).keys(), ...(chain[0]?.extras.keys() ?? [])].map(labelled);
    } catch {
      return [];
    }
  }

  async storable(profile: string | undefined): Promise<Candidate[]> {
    const stored = await this.stored(profile);
    const extras = stored.filter(({ value }) => !isFieldName(value));
    return [...FIELDS.map(({ name }) => labelled(name)), ...extras];
  }

  async #chosen(): Promise<string> {
    const { env, home, cwd } = this.#place;
    const profiles = { config: readConfig(home) ?? {}, names: async () => this.#names() };
    return (await chooseProfile({ env, project: projectOf(cwd()), vault: profiles })).name;
  }

  #names(): string[] {
    try {
      return this.#index.names().sort();
    } catch {
      return [];
    }
  }

  #account(name: string): string {
    try {
      const account = this.#index.read(name)?.account;
      return account?.name === undefined ? '' : `@${account.name}`;
    } catch {
      return '';
    }
  }
}

const labelled = (value: string): Candidate => ({
  value,
  about: isFieldName(value) ? fieldOf(value).label : '',
});
