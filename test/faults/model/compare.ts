import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { leftovers, type Machine } from './machine.ts';
import { type Expected, Model } from './model.ts';
import { commandLine, type Step } from './steps.ts';

/** How many commands ran, by what they were and how they ended. */
export type Tally = Map<string, number>;

const VOICE = /^(twvault: [^\n]+\n)*$/;

/** Values so short may be part of any word. */
const SHORTEST = 12;

/**
 * Runs a sequence of steps on a machine and on the model, and compares after each; at the end every profile's values.
 * @returns the names that are left
 */
export async function compare(machine: Machine, steps: readonly Step[], tally: Tally): Promise<string[]> {
  const model = new Model();
  const planted = new Set<string>();
  for (const step of steps) {
    if (step.run === 'reindex') {
      rmSync(join(machine.home, 'index'), { recursive: true, force: true });
    }
    for (const value of valuesIn(step)) if (value.length >= SHORTEST) planted.add(value);
    await one(machine, step, model.take(step), planted, tally);
  }
  const names = [...model.profiles.keys()];
  const looks: Step[] = [{ run: 'list' }, ...names.map((name) => ({ run: 'export', name }) as const)];
  for (const step of looks) await one(machine, step, model.take(step), planted, tally);
  expect(leftovers(machine)).toEqual([]);
  return names;
}

async function one(
  machine: Machine,
  step: Step,
  expected: Expected,
  planted: ReadonlySet<string>,
  tally: Tally,
): Promise<void> {
  const { args, input = '' } = commandLine(step);
  const { status, stdout, stderr } = await machine.run(args, input);
  const key = `${step.run} ${status}`;
  tally.set(key, (tally.get(key) ?? 0) + 1);
  if (status !== expected.status)
    expect.fail(`${args.join(' ')}: exit ${status}, not ${expected.status}: ${stderr}`);
  if (!VOICE.test(stderr) || stderr.includes('internal error'))
    expect.fail(`${args.join(' ')} said ${stderr}`);
  if (expected.text !== undefined) expect(stdout).toBe(expected.text);
  if (expected.json !== undefined) expect(withoutTimes(JSON.parse(stdout))).toEqual(expected.json);
  const isReport = !['get', 'export'].includes(step.run);
  const said = isReport ? stdout + stderr : stderr;
  for (const value of planted)
    if (said.includes(value)) expect.fail(`${args.join(' ')} shows a value: ${said}`);
}

interface Report {
  readonly name: string;
  readonly isDefault: boolean;
  readonly inherit: string | null;
  readonly account: { readonly id: string } | null;
  readonly fields: Record<string, { readonly from: string }>;
  readonly extras: object;
}

/** A report as the model has it. What is no report stays as it is. */
function withoutTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTimes);
  if (!Object.hasOwn(value as object, 'isDefault')) return value;
  const { name, isDefault, inherit, account, fields, extras } = value as Report;
  const origins = Object.entries(fields).map(([field, { from }]) => [field, from]);
  return {
    name,
    isDefault,
    inherit,
    account: account?.id ?? null,
    fields: Object.fromEntries(origins),
    extras: Object.keys(extras).sort(),
  };
}

function valuesIn(step: Step): string[] {
  if (step.run === 'add') return Object.values(step.keys);
  return step.run === 'set' ? [step.text.trim().replace(/^["']|["']$/g, '')] : [];
}
