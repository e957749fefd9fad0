import { expect, it } from 'vitest';
import type { Parser } from './law.ts';
import { AGE } from './parsers/age.ts';
import { INTAKE } from './parsers/intake.ts';
import { LOGIN } from './parsers/login.ts';
import { VAULT } from './parsers/vault.ts';
import { fuzz } from './run.ts';

const PARSERS: readonly Parser[] = [...AGE, ...VAULT, ...INTAKE, ...LOGIN];

it.each(PARSERS.map((parser) => [parser.name, parser] as const))(
  '%s: any input ends in a value or in one line of the known kind, without any value',
  async (name, parser) => {
    const { inputs, read, refused } = await fuzz(parser);
    console.log(`${name}: ${inputs} inputs, ${read} read, ${refused} refused`);
    // The seeds at least are what the parser takes.
    expect(read).toBeGreaterThan(0);
  },
  3_600_000,
);
