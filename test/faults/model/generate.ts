import fc from 'fast-check';
import { FIELDS, type Step } from './steps.ts';

const FIELD_NAMES = Object.keys(FIELDS);
const made = (field: string, n: number): string => (FIELDS[field] as (n: number) => string)(n);

const field = fc.constantFrom(...FIELD_NAMES);
const extra = fc.constantFrom('OPENAI_API_KEY', 'OTHER', 'ENDPOINT');
/** What a value may be called on the command line: presets' names too, and what means none. */
const what = fc.oneof(
  { weight: 12, arbitrary: field },
  { weight: 8, arbitrary: extra },
  { weight: 2, arbitrary: fc.constantFrom('CONSUMER_KEY', 'TWITTER_BEARER_TOKEN') },
  { weight: 1, arbitrary: fc.constantFrom('PATH', 'TWVAULT_X', 'toString', '__proto__', 'x y') },
);

const keys = fc
  .tuple(fc.subarray(FIELD_NAMES), fc.nat(9999))
  .map(([names, n]) => Object.fromEntries(names.map((name, at) => [name, made(name, n * 8 + at)])));

/** A value as it is pasted, with or without what does not belong to it; sometimes nothing usable. */
const text = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(field, fc.nat(9999), fc.constantFrom('', '"', ' ', "'", '\n'))
      .map(([name, n, around]) => `${around}${made(name, n)}${around}`),
  },
  { weight: 1, arbitrary: fc.constantFrom('', ' ', 'YOUR_KEY', 'xxxxxxxx', '""', 'a b') },
);
const ODD = ['\n', '\r\n', 'a\nb\n', " 'it' ", '{}', '$HOME', 'nul\0', '=', '{"a":1}\r\n', 'x'.repeat(5000)];
const extraText = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.constantFrom(...ODD));

const one = <R extends string>(...runs: R[]) => fc.constantFrom(...runs);

/** A step on profiles of these names. @param adds how often it is an `add` */
function stepOn(name: fc.Arbitrary<string>, adds: number): fc.Arbitrary<Step> {
  const inherit = fc.option(name, { nil: undefined });
  const add = fc.record({ run: one('add'), name, keys, inherit, isReplacing: fc.boolean() });
  const steps: readonly (readonly [number, fc.Arbitrary<Step>])[] = [
    [adds, add],
    [4, fc.record({ run: one('set'), name, what: field, text })],
    [2, fc.record({ run: one('set'), name, what: extra, text: extraText })],
    [1, fc.record({ run: one('set'), name, what, text })],
    [3, fc.record({ run: one('unset', 'get'), name, what })],
    [4, fc.record({ run: one('rename', 'copy'), name, to: name })],
    [2, fc.record({ run: one('remove'), name, isDetaching: fc.boolean() })],
    [3, fc.record({ run: one('use', 'show', 'export'), name })],
    [2, fc.record({ run: one('list', 'list', 'list', 'list', 'reindex') })],
  ];
  return fc.oneof(...steps.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}

/** Adds profiles of which each inherits from the one before it. */
function family(names: readonly string[], n: number): Step[] {
  return names.map((name, at) => {
    const inherit = names[at - 1];
    const own = inherit === undefined ? FIELD_NAMES : ['access_token'];
    const keys = Object.fromEntries(own.map((each) => [each, made(each, n * 8 + at)]));
    return { run: 'add', name, keys, inherit, isReplacing: false };
  });
}

const then = (step: fc.Arbitrary<Step>) => fc.array(step, { minLength: 1, maxLength: 20, size: 'max' });

/** Three profiles, so that steps meet; a name of JavaScript's own, and some that are none. */
const few = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom('a', 'b', 'c', 'constructor') },
  { weight: 1, arbitrary: fc.constantFrom('', 'Upper', 'con', '../x', '__proto__', 'a b', '-x') },
);
const simple = fc
  .tuple(fc.subarray(['a', 'b', 'c'], { minLength: 1 }), fc.nat(9999), then(stepOn(few, 5)))
  .map(([names, n, steps]) => [...family(names, n), ...steps]);

/** Two families, each as deep as inheritance may go or nearly so. */
const DEPTHS = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const grown = fc.constantFrom(...DEPTHS).map((depth) => DEPTHS.slice(0, depth + 1));
const member = fc.tuple(one('k', 'm'), fc.constantFrom(...DEPTHS)).map(([line, depth]) => `${line}${depth}`);
const deep = fc
  .tuple(grown, grown, fc.nat(9999), then(stepOn(member, 20)))
  .map(([first, second, n, steps]) => [
    ...family(
      first.map((depth) => `k${depth}`),
      n,
    ),
    ...family(
      second.map((depth) => `m${depth}`),
      n + 9,
    ),
    ...steps,
  ]);

/** A sequence of commands, from an empty home. */
export const sequence: fc.Arbitrary<Step[]> = fc.oneof(
  { weight: 5, arbitrary: simple },
  { weight: 1, arbitrary: deep },
);
