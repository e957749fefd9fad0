// Draws a film as one SVG: no script, no font of its own, a still picture of the end where motion is not wanted.

const FONT = 14;
const [WIDTH, HEIGHT] = [8.43, 20];
const MARGIN = 16;
const BAR = 34;
const ROWS = 27;

const COLOURS = {
  paper: '#16181d',
  edge: '#3b4048',
  text: '#d7dae0',
  dim: '#878d97',
  red: '#f07178',
  green: '#8fd18f',
  yellow: '#e6c07b',
  blue: '#7aa8f0',
  magenta: '#d08fe0',
  cyan: '#6ecbd6',
  white: '#ffffff',
  grey: '#878d97',
};

export function drawn(film, title) {
  const { length } = film;
  const last = Math.max(0, film.height.at(-1).count - ROWS);
  const [width, height] = [film.columns * WIDTH + 2 * MARGIN, ROWS * HEIGHT + BAR + MARGIN];
  const styles = [];
  const looks = film.rows.flatMap((row, y) =>
    row.map((look, index) => {
      const until = row[index + 1]?.from;
      const text = runsOf(look.cells)
        .map((run) => textOf(run, y))
        .join('');
      if (text === '') return '';
      const name = `r${y}-${index}`;
      styles.push(shown(name, look.from, until, length));
      return `<g class="${name}${until === undefined ? '' : ' past'}">${text}</g>`;
    }),
  );
  styles.push(
    steps(
      'head',
      film.cursor.map(({ at, row, column }) => [at, `${column * WIDTH}px,${row * HEIGHT}px`]),
      length,
    ),
  );
  styles.push(
    steps(
      'paper',
      film.height.map(({ at, count }) => [at, `0px,${-Math.max(0, count - ROWS) * HEIGHT}px`]),
      length,
    ),
  );
  const end = film.cursor.at(-1);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">
<title>${title}</title>
<style>
text{font:${FONT}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;fill:${COLOURS.text};white-space:pre}
${Object.entries(COLOURS)
  .map(([name, colour]) => `.${name}{fill:${colour}}`)
  .join('')}
.bold{font-weight:bold}.underline{text-decoration:underline}.strike{text-decoration:line-through}.hidden,.past{visibility:hidden}
.paper{transform:translate(0,${-last * HEIGHT}px)}.head{transform:translate(${end.column * WIDTH}px,${end.row * HEIGHT}px)}
@media (prefers-reduced-motion:no-preference){
${styles.join('\n')}
}
</style>
<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="9" fill="${COLOURS.paper}" stroke="${COLOURS.edge}"/>
<circle cx="20" cy="18" r="5.5" fill="#ec6a5e"/><circle cx="39" cy="18" r="5.5" fill="#f4bf4f"/><circle cx="58" cy="18" r="5.5" fill="#61c554"/>
<text x="${width / 2}" y="22" text-anchor="middle" class="dim">${title}</text>
<clipPath id="paper"><rect width="${width - 2 * MARGIN}" height="${ROWS * HEIGHT}"/></clipPath>
<g transform="translate(${MARGIN} ${BAR})" clip-path="url(#paper)">
<g class="paper">
${looks.filter(Boolean).join('\n')}
<g class="head"><rect width="${film.columns * WIDTH}" height="${HEIGHT}" fill="${COLOURS.paper}"/><rect y="2" width="${WIDTH}" height="${HEIGHT - 4}" fill="${COLOURS.text}" opacity=".75"/></g>
</g>
</g>
</svg>
`;
}

/** Neighbours of one style, as one piece of text. */
function runsOf(cells) {
  const runs = [];
  for (const [column, { text, style }] of cells.entries()) {
    const last = runs.at(-1);
    if (last?.style === style) last.text += text;
    else runs.push({ column, style, text });
  }
  return runs.filter(({ text, style }) => text.trim() !== '' && !style.includes('hidden'));
}

/** Its width is given, so that every font of the reader's keeps the columns. */
function textOf({ column, style, text }, row) {
  const [x, y] = [column * WIDTH, row * HEIGHT + 15];
  const inside = text.replace(/[&<>]/g, (character) => `&#${character.codePointAt(0)};`);
  const look = style === '' ? '' : ` class="${style}"`;
  return `<text x="${round(x)}" y="${y}" textLength="${round([...text].length * WIDTH)}" lengthAdjust="spacingAndGlyphs"${look}>${inside}</text>`;
}

/** Visible from one moment to another, or to the end. */
function shown(name, from, until, length) {
  const frames = [[from, 'visibility:visible']];
  if (from > 0) frames.unshift([0, 'visibility:hidden']);
  if (until !== undefined) frames.push([until, 'visibility:hidden']);
  return animation(name, frames, length);
}

/** An element that jumps from place to place. */
function steps(name, places, length) {
  return animation(
    name,
    places.map(([at, place]) => [at, `transform:translate(${place})`]),
    length,
  );
}

/** Looks that follow one another; each lasts until the next, and the last to the end. */
function animation(name, looks, length) {
  const frames = new Map(looks.map(([at, look]) => [`${percent(at, length)}%`, look]));
  const text = [...frames, ['100%', looks.at(-1)[1]]].map(([at, look]) => `${at}{${look}}`).join('');
  return `@keyframes ${name}{${text}}.${name}{animation:${name} ${length}ms step-end infinite}`;
}

const percent = (at, length) => round((at / length) * 100, 1e4);
const round = (number, by = 100) => Math.round(number * by) / by;
