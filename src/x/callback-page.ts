import { createHash } from 'node:crypto';

/** What the browser is told at the end of a login. */
export interface Page {
  readonly isGood: boolean;
  readonly title: string;
  /** Paragraphs of plain text. */
  readonly lines: readonly string[];
}

const STYLE = `
:root { color-scheme: light dark; --back: #f4f5f7; --card: #fff; --text: #14181d; --soft: #59636e; --line: #dfe3e8;
  --good: #12805c; --bad: #b3261e }
@media (prefers-color-scheme: dark) { :root { --back: #101418; --card: #1a2027; --text: #eef1f4; --soft: #a3adb8;
  --line: #2c353f; --good: #4ccb9a; --bad: #ff8f86 } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--back);
  color: var(--text); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", sans-serif }
main { width: 100%; max-width: 27rem; padding: 2.25rem 2rem; text-align: center; background: var(--card);
  border: 1px solid var(--line); border-radius: 14px }
svg { width: 3.25rem; height: 3.25rem; fill: none; stroke: var(--good); stroke-width: 2.5; stroke-linecap: round;
  stroke-linejoin: round }
.bad svg { stroke: var(--bad) }
h1 { margin: .75rem 0 .5rem; font-size: 1.35rem; line-height: 1.3; overflow-wrap: anywhere }
p { margin: .35rem 0; color: var(--soft); overflow-wrap: anywhere }
footer { margin-top: 1.5rem; font-size: .85rem; color: var(--soft) }`;

const CIRCLE = '<circle cx="20" cy="20" r="17"/>';
const TICK = `${CIRCLE}<path d="M12.5 20.5l5.2 5.2L27.8 15"/>`;
const CROSS = `${CIRCLE}<path d="M14 14l12 12M26 14L14 26"/>`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** Nothing is loaded, run, kept, framed or sent anywhere from the page. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

export function pageHtml({ isGood, title, lines }: Page): string {
  const paragraphs = lines.map((line) => `<p>${escaped(line)}</p>`).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escaped(title)} - twvault</title>
<style>${STYLE}</style>
</head>
<body>
<main class="${isGood ? 'good' : 'bad'}">
<svg viewBox="0 0 40 40" aria-hidden="true">${isGood ? TICK : CROSS}</svg>
<h1>${escaped(title)}</h1>
${paragraphs}
<footer>You can close this window.</footer>
</main>
</body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
