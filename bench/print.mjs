/** A group's rows as a table of text. */
export function print({ group, about, node, load, rows }) {
  console.log(
    `\n${group}: ${about}\nNode ${node}, load ${load.toFixed(1)}; median (quartiles), then the ratio, pair by pair`,
  );
  const width = Math.max(...rows.map(({ name }) => name.length));
  for (const each of rows) console.log(`  ${each.name.padEnd(width)}  ${line(each)}`);
}

function line(row) {
  const { unit, ratio, beside } = row;
  const digits = unit === 'ms' && row.median < 1000 ? 1 : 0;
  const figure = `${spread(row, digits)} ${unit}`.padEnd(28);
  const beyond = ratio ? `${spread(ratio, 2)} x ${beside}` : '';
  return `${figure} ${beyond}${target(row)}`.trimEnd();
}

function spread({ median, low, high }, digits) {
  return `${median.toFixed(digits)} (${low.toFixed(digits)}-${high.toFixed(digits)})`;
}

function target(row) {
  const { atMost, atLeast } = row;
  if (atMost === undefined && atLeast === undefined) return '';
  const wanted = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
  return `  ${wanted}: ${isHeld(row) ? 'held' : 'MISSED'}`;
}

/** Whether a row is within its target; targets are of the ratio, where there is one. */
export function isHeld({ median, ratio, atMost = Number.POSITIVE_INFINITY, atLeast = 0 }) {
  const value = ratio?.median ?? median;
  return value <= atMost && value >= atLeast;
}
