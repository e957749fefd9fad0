// What is asked of an agent, and how it answers: one byte that says which, then a body.

export const ASK = {
  /** Stanzas, 64 bytes each: a file key. */
  unwrap: 1,
  /** A record, or a list of recipients: its signature. */
  sign: 2,
  /** The owner's recipient. */
  recipient: 3,
  /** Since when it is open, and until when: JSON. */
  report: 4,
  /** New limits, JSON: then as `report`. */
  renew: 5,
  lock: 6,
} as const;

export type Ask = (typeof ASK)[keyof typeof ASK];

export const ANSWER = {
  ok: 0,
  /** None of the stanzas is the agent's. */
  none: 1,
  /** A stanza is malformed; the body says how. */
  malformed: 2,
  /** The agent does not do that. */
  refused: 3,
} as const;

export const message = (kind: number, body: Uint8Array = Buffer.alloc(0)): Buffer =>
  Buffer.concat([Buffer.from([kind]), body]);

/** How long an agent stays open when nobody uses it, and at all, in ms. */
export interface Times {
  readonly ttl: number;
  readonly max: number;
}

/** Times of the wall clock, ms since 1970. */
export interface Report {
  readonly since: number;
  readonly idleUntil: number;
  readonly until: number;
}
