import type { CustomPresets, FieldNames } from '../profile/preset.ts';
import { homePresets, presetsText } from '../vault/presets.ts';
import type { Mode } from './plan.ts';

/** What a restore does, or would do, with one preset of the backup. It is taken whole or not at all. */
interface PresetStep {
  readonly preset: string;
  readonly status: 'new' | 'same' | 'differs';
  readonly action: 'add' | 'replace' | 'leave' | 'stop';
}

export interface PresetPlan {
  readonly steps: readonly PresetStep[];
  /** The presets.json to write; undefined where it stays as it is. */
  readonly text?: string;
}

/**
 * What a restore would do with the presets of a home. Nothing is written.
 * @throws Failure where presets.json is refused, or would be too large
 */
export function planPresets(home: string, theirs: CustomPresets = new Map(), mode: Mode): PresetPlan {
  if (theirs.size === 0) return { steps: [] };
  const mine = homePresets(home);
  const steps = [...theirs].map(([preset, names]) => stepFor(preset, mine.get(preset), names, mode));
  const taken = steps
    .filter(({ action }) => action === 'add' || action === 'replace')
    .map(({ preset }) => [preset, theirs.get(preset) as FieldNames] as const);
  return taken.length === 0 ? { steps } : { steps, text: presetsText(home, new Map([...mine, ...taken])) };
}

function stepFor(preset: string, mine: FieldNames | undefined, theirs: FieldNames, mode: Mode): PresetStep {
  if (!mine) return { preset, status: 'new', action: 'add' };
  if (areSame(mine, theirs)) return { preset, status: 'same', action: 'leave' };
  const actions = { add: 'stop', merge: 'leave', replace: 'replace' } as const;
  return { preset, status: 'differs', action: actions[mode] };
}

const areSame = (mine: FieldNames, theirs: FieldNames): boolean =>
  mine.size === theirs.size && [...mine].every(([field, variable]) => theirs.get(field) === variable);
