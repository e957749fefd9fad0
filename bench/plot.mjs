// node bench/plot.mjs: draws docs/bench.svg from bench/results.json.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FLOOR } from './measure.mjs';
import { isHeld } from './print.mjs';

const WIDTH = 860;
const LABELS = 260;
const RIGHT = 70;
const STEP = 20;
const MOST = 4; // ratios beyond go to the edge, with their figure

export function plot(from, to) {
  const tables = JSON.parse(readFileSync(from, 'utf8'));
  const sections = tables.map(sectionOf).filter(({ bars }) => bars.length > 0);
  writeFileSync(to, svg(sections));
}

/** What stands beside the floor, as bars. Peers are beside twvault's exec: their times are taken back to the floor. */
function sectionOf({ group, node, rows }) {
  const floor = rows.find(({ name }) => name === FLOOR);
  const isDrawn = ({ name, unit, ratio }) =>
    name !== FLOOR && unit === 'ms' && ratio && !name.endsWith('first instruction');
  const shown = floor ? rows.filter(isDrawn) : [];
  const bars = new Map();
  for (const row of shown) {
    if (row.beside === FLOOR) bars.set(row.name, { ...row, value: row.ratio, target: row.atMost });
    else if (!bars.has(row.name)) {
      const value = scaled(row, 1 / floor.median);
      bars.set(row.name, { ...row, value });
    }
  }
  return {
    title: `${group}, Node ${node}: a bare start is ${floor?.median.toFixed(1)} ms`,
    bars: [...bars.values()],
  };
}

function scaled({ median, low, high }, factor) {
  return { median: median * factor, low: low * factor, high: high * factor };
}

function svg(sections) {
  let y = 56;
  const parts = [];
  for (const { title, bars } of sections) {
    parts.push(text(12, y + 14, title, 'title'));
    y += 24;
    const top = y;
    for (const bar of bars) {
      parts.push(drawn(bar, y));
      y += STEP;
    }
    parts.push(`<path class="floor" d="M${x(1)} ${top - 2}V${y}"/>`);
    y += 18;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img">
<title>How long twvault's commands take, as multiples of a bare start of Node</title>
<style>
text { font: 12px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600; font-size: 13px }
.note { fill: #59636e }
.bar { fill: #4c8dd6 }
.peer { fill: #a3abb4 }
.missed { fill: #d9822b }
.spread { stroke: #1f2328; stroke-width: 1 }
.floor { stroke: #59636e; stroke-width: 1.5; stroke-dasharray: 3 3 }
.target { stroke: #1a7f37; stroke-width: 3 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
.note { fill: #9198a1 }
.bar { fill: #3b78bd }
.peer { fill: #6b737c }
.missed { fill: #c4741f }
.spread { stroke: #e6edf3 }
.floor { stroke: #9198a1 }
.target { stroke: #3fb950 }
}
</style>
${text(12, 20, 'Multiples of a bare start of Node (node -e 0), medians of pairs with quartiles; shorter is better', 'title')}
${text(12, 40, `Dashed: the bare start. Green: the target. Orange: a target missed. Grey: other tools. Bars end at ${MOST}.`, 'note')}
${parts.join('\n')}
</svg>
`;
}

const x = (ratio) => round(LABELS + (Math.min(ratio, MOST) / MOST) * (WIDTH - LABELS - RIGHT));
const round = (value) => Math.round(value * 10) / 10;

function drawn(bar, y) {
  const { name, value, target } = bar;
  const middle = y + STEP / 2 - 1;
  const kind = bar.beside !== FLOOR ? 'peer' : isHeld(bar) ? 'bar' : 'missed';
  return [
    text(LABELS - 8, middle + 4, name, '', 'end'),
    `<rect class="${kind}" x="${x(0)}" y="${y + 2}" width="${round(x(value.median) - x(0))}" height="${STEP - 6}"/>`,
    `<path class="spread" d="M${x(value.low)} ${middle}H${x(value.high)}"/>`,
    ...(target ? [`<path class="target" d="M${x(target)} ${y}V${y + STEP - 2}"/>`] : []),
    text(x(Math.max(value.high, target ?? 0)) + 6, middle + 4, `${value.median.toFixed(2)}`, 'note'),
  ].join('');
}

function text(at, y, words, kind, anchor = 'start') {
  return `<text x="${at}" y="${y}" class="${kind}" text-anchor="${anchor}">${escaped(words)}</text>`;
}

function escaped(words) {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

if (import.meta.filename === process.argv[1])
  plot(join(import.meta.dirname, 'results.json'), join(import.meta.dirname, '../docs/bench.svg'));
