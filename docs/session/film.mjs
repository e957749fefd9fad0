// What the screen showed, and when. The times are made up, so that it can be read: how long something really took does
// not show.
import { Screen } from './screen.mjs';

const COLUMNS = 98;
const STROKE_MS = 45;
const ANSWER_MS = 350;
const LINE_MS = 330;
const END_MS = 7000;

export class Film {
  columns = COLUMNS;
  /** Each row's looks, in their order. @type {{ from: number, cells: import('./screen.mjs').Cell[] }[][]} */
  rows = [];
  /** Where the cursor is. @type {{ at: number, row: number, column: number }[]} */
  cursor = [];
  /** How many rows there are. @type {{ at: number, count: number }[]} */
  height = [];
  #screen = new Screen(COLUMNS);
  #now = 0;

  get length() {
    return this.#now + END_MS;
  }

  /** What someone types stands there at once; the cursor goes over it key by key. */
  typed(bytes, { isSecret = false } = {}) {
    const from = this.#screen.column;
    this.#screen.write(bytes);
    this.#keep();
    const { row, column } = this.#screen;
    for (let at = from; at <= column && !isSecret; at++) {
      this.cursor.push({ at: this.#now, row, column: at });
      this.#now += STROKE_MS;
    }
    this.#now += ANSWER_MS;
  }

  /** What a program prints, and the time to read it. */
  printed(bytes) {
    const before = this.#screen.rows.length;
    this.#screen.write(bytes);
    this.#keep();
    this.#point();
    this.#now += ANSWER_MS + LINE_MS * Math.max(1, this.#screen.rows.length - before);
  }

  #point() {
    const { row, column, isCursorShown } = this.#screen;
    this.cursor.push({ at: this.#now, row: isCursorShown ? row : -9, column });
  }

  #keep() {
    const { rows } = this.#screen;
    for (let row = 0; row < Math.max(rows.length, this.rows.length); row++) {
      const cells = [...(rows[row] ?? [])];
      this.rows[row] ??= [];
      const last = this.rows[row].at(-1);
      if (JSON.stringify(last?.cells ?? []) !== JSON.stringify(cells))
        this.rows[row].push({ from: this.#now, cells });
    }
    this.height.push({ at: this.#now, count: rows.length });
  }
}
