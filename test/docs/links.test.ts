import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { markdown, type Page, ROOT } from './page.ts';

describe('links within the repository lead somewhere', () => {
  it.each(markdown())('$path', (page) => {
    for (const [whole, link = ''] of proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(link)) continue;
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page.path : join(dirname(page.path), path);
      expect(existsSync(join(ROOT, target)), `${page.path}: ${whole}`).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(target), `${page.path}: ${whole}`).toContain(anchor);
    }
  });
});

it('every page is in the index', () => {
  const index = readFileSync(join(ROOT, 'docs/README.md'), 'utf8');
  const moving = readFileSync(join(ROOT, 'docs/moving/README.md'), 'utf8');
  for (const { path } of markdown()) {
    const [, folder, name = ''] = /^docs\/(moving\/)?([^/]+)$/.exec(path) ?? [];
    if (name !== '' && name !== 'README.md') expect(folder ? moving : index, path).toContain(`(${name})`);
  }
});

const proseOf = ({ text }: Page): string => text.replace(/^ *```[\s\S]*?^ *```$/gm, '');

/** The headings of a page as GitHub names them. */
function anchorsOf(path: string): string[] {
  if (!statSync(join(ROOT, path)).isFile()) return [];
  const headings = readFileSync(join(ROOT, path), 'utf8').matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/ /g, '-'),
  );
}
