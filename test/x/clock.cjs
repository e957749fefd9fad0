// Preloaded into a Node program: its clock is ahead by CLOCK_AHEAD seconds, and by what it adds itself.
const Real = Date;
let ahead = Number(process.env.CLOCK_AHEAD ?? 0) * 1000;
globalThis.Date = class extends Real {
  /** @param {any[]} given */
  constructor(...given) {
    super(...(given.length === 0 ? [Real.now() + ahead] : /** @type {[]} */ (given)));
  }
  static now() {
    return Real.now() + ahead;
  }
};
/** @param {number} seconds */
Object.assign(globalThis, { passTime: (seconds) => (ahead += seconds * 1000) });
