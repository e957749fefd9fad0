/**
 * A credential in memory. It refuses to print itself: string conversion, JSON and util.inspect all give the same
 * placeholder, so a secret reaches an output only where `reveal` is written.
 *
 * JavaScript strings are immutable and garbage collected: the value cannot be wiped (SECURITY.md says so too).
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The plain value. Every caller of this is a place to review. */
  reveal(): string {
    return this.#value;
  }

  equals(other: Secret): boolean {
    return this.#value === other.#value;
  }

  /** Length in UTF-16 units, for messages such as "took 25 characters". */
  get length(): number {
    return this.#value.length;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}
