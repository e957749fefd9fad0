import { PatternSet } from '../match/pattern-set.ts';
import type { MaskedForm } from './forms.ts';

/** What is replaced in the outputs of a run, and by what. More may come while it runs. */
export class Replacements {
  readonly #marks = new Map<string, Buffer>();
  #patterns = new PatternSet([]);
  #inOrder: readonly Buffer[] = [];

  constructor(forms: readonly MaskedForm[] = []) {
    this.add(forms);
  }

  get isEmpty(): boolean {
    return this.#marks.size === 0;
  }

  get patterns(): PatternSet {
    return this.#patterns;
  }

  /** What stands in the place of a pattern. */
  markOf(pattern: number): Buffer {
    return this.#inOrder[pattern] as Buffer;
  }

  /** Of two marks for the same bytes the first counts. */
  add(forms: readonly MaskedForm[]): void {
    const before = this.#marks.size;
    for (const { bytes, mark } of forms) {
      const key = Buffer.from(bytes).toString('latin1');
      if (!this.#marks.has(key)) this.#marks.set(key, Buffer.from(mark));
    }
    if (this.#marks.size === before) return;
    this.#patterns = new PatternSet([...this.#marks.keys()].map((key) => Buffer.from(key, 'latin1')));
    this.#inOrder = [...this.#marks.values()];
  }
}
