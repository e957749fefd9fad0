// What a terminal shows after the bytes that it was sent: as much of one as the recorded programs use. It has no last
// row, so that nothing scrolls away.

/** @typedef {{ text: string, style: string }} Cell */

const [ESCAPE, BELL] = ['\\x1b', '\\x07'];
const SEQUENCE = new RegExp(`${ESCAPE}\\[([?\\d;]*)([A-Za-z])|${ESCAPE}\\][^${BELL}]*${BELL}|[\\s\\S]`, 'gu');

export class Screen {
  /** @type {Cell[][]} */
  rows = [[]];
  row = 0;
  column = 0;
  isCursorShown = true;
  #style = new Set();
  #columns;

  /** @param {number} columns */
  constructor(columns) {
    this.#columns = columns;
  }

  /** @param {string} bytes */
  write(bytes) {
    for (const [whole, parameters, command] of bytes.matchAll(SEQUENCE)) {
      if (command !== undefined) this.#obey(command, parameters);
      else if (whole.length < 3) this.#put(whole);
    }
  }

  #put(character) {
    if (character === '\r') this.column = 0;
    else if (character === '\n') this.#goTo(this.row + 1, this.column);
    else if (character === '\b') this.column = Math.max(0, this.column - 1);
    else if (character === '\t') this.column += 8 - (this.column % 8);
    else if (character === '\x07') return;
    else if (character < ' ') throw new Error(`what is ${JSON.stringify(character)}?`);
    else {
      if (this.column === this.#columns) this.#goTo(this.row + 1, 0);
      const line = this.rows[this.row];
      while (line.length < this.column) line.push({ text: ' ', style: '' });
      line[this.column] = { text: character, style: [...this.#style].join(' ') };
      this.column += 1;
    }
  }

  #obey(command, parameters) {
    const count = Number(parameters || 1);
    if (command === 'm') this.#restyle(parameters);
    else if (command === 'A') this.#goTo(Math.max(0, this.row - count), this.column);
    else if (command === 'B') this.#goTo(this.row + count, this.column);
    else if (command === 'C') this.column = Math.min(this.#columns - 1, this.column + count);
    else if (command === 'D') this.column = Math.max(0, this.column - count);
    else if (command === 'G') this.column = count - 1;
    else if (command === 'K') this.rows[this.row].length = Math.min(this.rows[this.row].length, this.column);
    else if (command === 'J') this.#eraseDown();
    else if (parameters === '?25') this.isCursorShown = command === 'h';
    else if (!parameters.startsWith('?')) throw new Error(`what is ESC [ ${parameters} ${command}?`);
  }

  #eraseDown() {
    this.rows[this.row].length = Math.min(this.rows[this.row].length, this.column);
    this.rows.length = this.row + 1;
  }

  #goTo(row, column) {
    while (this.rows.length <= row) this.rows.push([]);
    [this.row, this.column] = [row, column];
  }

  #restyle(parameters) {
    for (const code of (parameters || '0').split(';').map(Number)) {
      if (code === 0) this.#style.clear();
      else if (code === 22) for (const name of ['bold', 'dim']) this.#style.delete(name);
      else if (code === 39) for (const name of COLOURS) this.#style.delete(name);
      else if (code >= 30 && code <= 37) {
        for (const name of COLOURS) this.#style.delete(name);
        this.#style.add(COLOURS[code - 30]);
      } else if (code === 90) this.#style.add('grey');
      else if (NAMES[code]) this.#style.add(NAMES[code]);
      else if (ENDS[code]) this.#style.delete(ENDS[code]);
      else throw new Error(`what is ESC [ ${code} m?`);
    }
  }
}

const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white', 'grey'];
const NAMES = { 1: 'bold', 2: 'dim', 3: 'italic', 4: 'underline', 7: 'inverse', 8: 'hidden', 9: 'strike' };
const ENDS = { 23: 'italic', 24: 'underline', 27: 'inverse', 28: 'hidden', 29: 'strike' };
