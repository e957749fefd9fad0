import { usage } from '../failure.ts';

const UNITS = { s: 1000, m: 60_000, h: 3_600_000 } as const;

/**
 * A length of time as people write it: `90s`, `10m`, `2h`, a bare number for seconds. In milliseconds.
 * @throws Failure exit 2
 */
export function duration(text: string, option: string): number {
  const [, number, unit = 's'] = /^(\d{1,6})([smh]?)$/.exec(text) ?? [];
  if (number === undefined) throw usage(`${option} takes a time such as 90s, 10m or 2h`);
  return Number(number) * UNITS[(unit || 's') as keyof typeof UNITS];
}
