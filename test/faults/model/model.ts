import { FIELDS, type Step } from './steps.ts';

interface Profile {
  inherit: string | undefined;
  account: string | undefined;
  readonly fields: Map<string, string>;
  readonly extras: Map<string, string>;
}

/** How a command has to end, and what it has to print as JSON or as text, where that is known. */
export interface Expected {
  readonly status: number;
  readonly json?: unknown;
  readonly text?: string;
}

const [DONE, FAILED, USAGE, MISSING] = [0, 1, 2, 4];
const done = (more: Omit<Expected, 'status'> = {}): Expected => ({ status: DONE, ...more });
const ends = (status: number): Expected => ({ status });

/** Halves that go together. What is not here belongs to one account and is never inherited. */
const INHERITED = [['api_key', 'api_secret'], ['bearer_token'], ['client_id', 'client_secret']];
const MOST_ANCESTORS = 8;

const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const isName = (name: string): boolean => NAME.test(name) && name !== 'con';
const ALIASES: Readonly<Record<string, string>> = {
  CONSUMER_KEY: 'api_key',
  TWITTER_BEARER_TOKEN: 'bearer_token',
};
const EXTRAS = ['OPENAI_API_KEY', 'OTHER', 'ENDPOINT'];

/** What twvault promises, without files, keys or processes. */
export class Model {
  readonly profiles = new Map<string, Profile>();
  #default: string | undefined;
  #isSetUp = false;

  /** Does what the step says and tells how it has to end. Where it fails, nothing has changed. */
  take(step: Step): Expected {
    if ('name' in step && !isName(step.name)) return ends(USAGE);
    switch (step.run) {
      case 'add':
        return this.#add(step);
      case 'set':
        return this.#set(step.name, step.what, step.text);
      case 'unset':
        return this.#unset(step.name, step.what);
      case 'get':
        return this.#get(step.name, step.what);
      case 'rename':
      case 'copy':
        return isName(step.to) ? this.#copy(step.name, step.to, step.run === 'rename') : ends(USAGE);
      case 'remove':
        return this.#remove(step.name, step.isDetaching);
      case 'use':
        if (!this.profiles.has(step.name)) return ends(MISSING);
        this.#default = step.name;
        return done();
      case 'show':
        return this.profiles.has(step.name) ? done({ json: this.report(step.name) }) : ends(MISSING);
      case 'export':
        return this.#export(step.name);
      case 'list':
        return done({ json: [...this.profiles.keys()].sort().map((name) => this.report(name)) });
      case 'reindex':
        return done();
    }
  }

  get isSetUp(): boolean {
    return this.#isSetUp;
  }

  /** What `list` and `show` say, as far as it does not depend on the time. */
  report(name: string) {
    const { inherit = null, account = null, extras } = this.#profile(name);
    const fields = [...this.effective(name)].map(([field, { from }]) => [field, from]);
    return {
      name,
      isDefault: this.#default === name,
      inherit,
      account,
      fields: Object.fromEntries(fields),
      extras: [...extras.keys()].sort(),
    };
  }

  /** The values that a profile has, own or inherited, and whose they are. */
  effective(name: string): Map<string, { value: string; from: string }> {
    const result = new Map<string, { value: string; from: string }>();
    for (const [field, value] of this.#profile(name).fields) result.set(field, { value, from: name });
    for (const pair of INHERITED) {
      const holder = this.#chain(name).find((each) =>
        pair.some((field) => this.#profile(each).fields.has(field)),
      );
      if (holder === undefined) continue;
      for (const field of pair) {
        const value = this.#profile(holder).fields.get(field);
        if (value !== undefined) result.set(field, { value, from: holder });
      }
    }
    return result;
  }

  #add({ name, keys, inherit, isReplacing }: Extract<Step, { run: 'add' }>): Expected {
    if (inherit !== undefined && !isName(inherit)) return ends(USAGE);
    if (Object.keys(keys).length === 0) return ends(USAGE);
    this.#isSetUp = true;
    if (this.profiles.has(name) && !isReplacing) return ends(FAILED);
    if (inherit !== undefined) {
      if (!this.profiles.has(inherit)) return ends(MISSING);
      const chain = this.#chain(inherit);
      if (chain.includes(name) || chain.length + this.#depthBelow(name) > MOST_ANCESTORS) return ends(USAGE);
    }
    const profile: Profile = {
      inherit,
      account: undefined,
      fields: new Map(Object.entries(keys)),
      extras: new Map(),
    };
    this.profiles.set(name, withAccount(profile));
    return done();
  }

  #set(name: string, what: string, text: string): Expected {
    const known = meaning(what);
    if (known === undefined) return ends(USAGE);
    const profile = this.profiles.get(name);
    if (!profile) return ends(MISSING);
    const value = EXTRAS.includes(known) ? extraIn(text) : fieldIn(text);
    if (value === undefined) return ends(USAGE);
    (EXTRAS.includes(known) ? profile.extras : profile.fields).set(known, value);
    withAccount(profile);
    return done();
  }

  #unset(name: string, what: string): Expected {
    const known = meaning(what);
    if (known === undefined) return ends(USAGE);
    const profile = this.profiles.get(name);
    return profile?.fields.delete(known) || profile?.extras.delete(known) ? done() : ends(MISSING);
  }

  #get(name: string, what: string): Expected {
    const known = meaning(what);
    if (known === undefined) return ends(USAGE);
    if (!this.profiles.has(name)) return ends(MISSING);
    const value = this.effective(name).get(known)?.value ?? this.#profile(name).extras.get(known);
    return value === undefined ? ends(MISSING) : done({ text: `${value}\n` });
  }

  #copy(from: string, to: string, isRenaming: boolean): Expected {
    const profile = this.profiles.get(from);
    if (!profile) return ends(MISSING);
    if (this.profiles.has(to)) return ends(FAILED);
    this.profiles.set(to, { ...profile, fields: new Map(profile.fields), extras: new Map(profile.extras) });
    if (!isRenaming) return done();
    for (const child of this.#children(from)) child.inherit = to;
    if (this.#default === from) this.#default = to;
    this.profiles.delete(from);
    return done();
  }

  #remove(name: string, isDetaching: boolean): Expected {
    const profile = this.profiles.get(name);
    if (!profile) return ends(MISSING);
    const children = this.#children(name);
    if (children.length > 0 && !isDetaching) return ends(FAILED);
    for (const [child, { inherit, fields }] of this.profiles) {
      if (inherit !== name) continue;
      for (const [field, { value, from }] of this.effective(child))
        if (from === name) fields.set(field, value);
    }
    for (const child of children) child.inherit = profile.inherit;
    if (this.#default === name) this.#default = undefined;
    this.profiles.delete(name);
    return done();
  }

  #export(name: string): Expected {
    if (!this.profiles.has(name)) return ends(MISSING);
    const fields = [...this.effective(name)].map(([field, { value }]) => [
      `TWITTER_${field.toUpperCase()}`,
      value,
    ]);
    const values = Object.fromEntries([...fields, ...this.#profile(name).extras]);
    return Object.keys(values).length === 0 ? ends(MISSING) : done({ json: values });
  }

  #profile(name: string): Profile {
    return this.profiles.get(name) as Profile;
  }

  /** A profile and those above it, nearest first. */
  #chain(name: string): string[] {
    const { inherit } = this.#profile(name);
    return [name, ...(inherit === undefined ? [] : this.#chain(inherit))];
  }

  #children(name: string): Profile[] {
    return [...this.profiles.values()].filter(({ inherit }) => inherit === name);
  }

  /** How many generations inherit from a profile. */
  #depthBelow(name: string): number {
    const children = [...this.profiles].filter(([, { inherit }]) => inherit === name);
    return children.length === 0 ? 0 : 1 + Math.max(...children.map(([child]) => this.#depthBelow(child)));
  }
}

/** An access token tells whose it is; that is remembered when it goes. */
function withAccount(profile: Profile): Profile {
  profile.account = /^\d+(?=-)/.exec(profile.fields.get('access_token') ?? '')?.[0] ?? profile.account;
  return profile;
}

function meaning(what: string): string | undefined {
  const name = Object.hasOwn(ALIASES, what) ? ALIASES[what] : what;
  return name !== undefined && (Object.hasOwn(FIELDS, name) || EXTRAS.includes(name)) ? name : undefined;
}

function fieldIn(text: string): string | undefined {
  return /^["' \n]?(AAAAAAAAQz7\w+|\d+-Qz7\w+|Qz7\w+)["' \n]?$/.exec(text)?.[1];
}

function extraIn(text: string): string | undefined {
  const value = text.endsWith('\r\n') ? text.slice(0, -2) : text.endsWith('\n') ? text.slice(0, -1) : text;
  return value === '' || value.includes('\0') ? undefined : value;
}
