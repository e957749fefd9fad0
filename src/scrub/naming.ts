import { failed, usage } from '../failure.ts';
import { DEFAULT_PRESET, type FieldName, fieldOf, PRESETS, type Preset } from '../profile/fields.ts';
import { isExtraName, variableName } from '../profile/names.ts';
import { type CustomPresets, type FieldNames, namesIn } from '../profile/preset.ts';
import type { Move } from './moves.ts';

/** A variable that a program is to read one value from. */
export interface Wanted {
  readonly move: Move;
  /** The name that the file itself uses. */
  readonly name: string;
  /** True where the program reads this very variable: a dotenv line, `os.getenv('NAME') or ...`. */
  readonly isFixed: boolean;
}

/** What .twvault.json says already. */
export interface Bound {
  readonly preset?: string | undefined;
  readonly presets?: CustomPresets | undefined;
  readonly env: ReadonlyMap<string, string>;
}

/** Names for all that is wanted, and what .twvault.json has to say so that exec fills them. */
export interface Naming {
  readonly preset: string;
  /** The preset's own names. */
  readonly byField: FieldNames;
  /** All variables beyond the preset: those that were there and those that are new. */
  readonly env: ReadonlyMap<string, string>;
  readonly names: ReadonlyMap<Move, string>;
}

/**
 * Chooses the variables. A preset that the project has stays; otherwise the one that agrees best with the files.
 * @param unread values that no program reads as variables; their names count for the preset only
 * @throws Failure exit 1 where one variable would have to hold two values
 */
export function chooseNames(wanted: readonly Wanted[], unread: readonly Wanted[], bound: Bound): Naming {
  const preset = bound.preset ?? bestPreset([...wanted, ...unread]);
  const byField = namesIn(preset, bound.presets);
  if (!byField) {
    throw usage(`a scrub knows no preset ${preset}`, [
      'it knows those that are built in and those in "presets" of .twvault.json',
    ]);
  }
  const choice = new Choice(byField, bound.env);
  for (const { move, name } of wanted.filter(({ isFixed }) => isFixed)) choice.fix(move, variableName(name));
  for (const { move, name, isFixed } of wanted) if (!isFixed) choice.pick(move, name);
  return { preset, byField, env: choice.env, names: choice.names };
}

class Choice {
  readonly env: Map<string, string>;
  readonly names = new Map<Move, string>();
  readonly #byField: FieldNames;
  /** Which value each variable will hold. */
  readonly #held = new Map<string, string>();

  constructor(byField: FieldNames, env: ReadonlyMap<string, string>) {
    this.#byField = byField;
    for (const [field, variable] of this.#byField) this.#held.set(variable, field);
    for (const [variable, source] of env) this.#held.set(variable, source);
    this.env = new Map(env);
  }

  fix(move: Move, variable: string): void {
    const isAsked = [...this.names.values()].includes(variable) || this.env.has(variable);
    if (isAsked && this.#held.get(variable) !== move.field) {
      throw failed(`${variable} would have to hold both ${this.#held.get(variable)} and ${move.field}`, [
        'rename one of the two variables, or change the mapping in .twvault.json',
      ]);
    }
    this.#take(move, variable);
  }

  pick(move: Move, written: string): void {
    const own = this.#byField.get(move.field);
    const mapped = [...this.env].find(([, source]) => source === move.field)?.[0];
    const candidates = [own, mapped, asVariable(written), `TWITTER_${move.field.toUpperCase()}`];
    const free = candidates.find((name) => name !== undefined && this.#isFree(name, move.field));
    if (free === undefined) throw failed(`no variable is free for ${move.field}`);
    this.#take(move, free);
  }

  #isFree(variable: string, field: FieldName): boolean {
    const holds = this.#held.get(variable);
    return holds === field || (holds === undefined && isExtraName(variable));
  }

  #take(move: Move, variable: string): void {
    if (this.#held.get(variable) !== move.field) this.env.set(variable, move.field);
    this.#held.set(variable, move.field);
    this.names.set(move, variable);
  }
}

/** `consumerKey`, `consumer-key` -> CONSUMER_KEY. */
function asVariable(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();
}

function bestPreset(wanted: readonly Wanted[]): Preset {
  let best: Preset = DEFAULT_PRESET;
  for (const preset of PRESETS) {
    if (agreement(preset, wanted) > agreement(best, wanted)) best = preset;
  }
  return best;
}

/** How well a preset's names agree with a file's: the very name counts most, then its spelling, then having any. */
function agreement(preset: Preset, wanted: readonly Wanted[]): number {
  return wanted.reduce((sum, { move, name, isFixed }) => {
    const variable = fieldOf(move.field).env[preset];
    if (variable === undefined) return sum;
    if (variable === name) return sum + 5;
    if (isFixed) return sum;
    return sum + (variable === asVariable(name) ? 4 : 1);
  }, 0);
}
