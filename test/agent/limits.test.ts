import { describe, expect, it } from 'vitest';
import { Limits } from '../../src/agent/limits.ts';

const MINUTE = 60_000;
const at = (minutes: number, steady = minutes) => ({ wall: minutes * MINUTE, steady: steady * MINUTE });

/** Looks every second, as an agent does, and gives the second at which it is over. */
function overAt(limits: Limits, seconds: number, use?: (second: number) => void): number | undefined {
  for (let second = 1; second <= seconds; second += 1) {
    use?.(second);
    if (limits.isOver(at(second / 60))) return second;
  }
  return undefined;
}

describe('how long an agent stays open', () => {
  it('ends when nobody uses it', () => {
    expect(overAt(new Limits(MINUTE, 10 * MINUTE, at(0)), 1000)).toBe(60);
  });

  it('ends later when it is used, and at its end however much it is', () => {
    const once = new Limits(MINUTE, 10 * MINUTE, at(0));
    expect(overAt(once, 1000, (second) => second === 50 && once.use(at(50 / 60)))).toBe(110);
    const always = new Limits(MINUTE, 10 * MINUTE, at(0));
    expect(overAt(always, 1000, (second) => always.use(at(second / 60)))).toBe(600);
  });

  it('ends after a sleep, which the wall clock shows, and after standing still', () => {
    const asleep = new Limits(60 * MINUTE, 60 * MINUTE, at(0));
    expect(asleep.isOver(at(0.2, 0))).toBe(false);
    expect(asleep.isOver(at(0.5, 0))).toBe(true);
    const stopped = new Limits(60 * MINUTE, 60 * MINUTE, at(0));
    expect(stopped.isOver({ wall: 0, steady: 16_000 })).toBe(true);
  });

  it('is not kept open by a clock that is set back', () => {
    const limits = new Limits(MINUTE, MINUTE, at(100, 0));
    const looks = Array.from({ length: 70 }, (_, second) => limits.isOver(at(50, second / 60)));
    expect(looks.indexOf(true)).toBe(60);
  });

  it('gets a new idle time, and never a later end', () => {
    const longer = new Limits(MINUTE, 10 * MINUTE, at(0));
    longer.renew(5 * MINUTE, 60 * MINUTE, at(0.5));
    expect(longer.report()).toEqual({ since: 0, idleUntil: 5.5 * MINUTE, until: 10 * MINUTE });
    const nearer = new Limits(MINUTE, 10 * MINUTE, at(0));
    nearer.renew(9 * MINUTE, 2 * MINUTE, at(0.5));
    expect(nearer.report()).toEqual({ since: 0, idleUntil: 2.5 * MINUTE, until: 2.5 * MINUTE });
  });
});
