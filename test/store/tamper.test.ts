import {
  closeSync,
  copyFileSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import { profileOf, write } from './contract.ts';
import { FilePlace, refusalOf } from './file-place.ts';

const nothing = () => {};

async function placeWith(...names: string[]): Promise<FilePlace> {
  const place = new FilePlace();
  const store = place.open();
  for (const name of names) await write(store, profileOf(name, { OPENAI_API_KEY: 'sk-1' }), null, nothing);
  return place;
}

/** Exit code 1 or 3, the file's path, and at least one hint. */
function isRefusal(text: string, place: FilePlace, name = 'personal'): boolean {
  return /^[13]: /.test(text) && text.includes(place.path(name)) && !text.endsWith('(no hint)');
}

describe('a profile file that was touched is refused, and the message says which', () => {
  it('at every single bit', { timeout: 180_000 }, async () => {
    const place = await placeWith('personal');
    const store = place.open();
    const bytes = readFileSync(place.path('personal'));
    const fd = openSync(place.path('personal'), 'r+');
    let flips = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        writeSync(fd, Uint8Array.of((bytes[at] as number) ^ (1 << bit)), 0, 1, at);
        const text = await refusalOf(store);
        if (!isRefusal(text, place)) expect.fail(`bit ${bit} of byte ${at}: ${text}`);
        flips += 1;
      }
      writeSync(fd, bytes, at, 1, at);
    }
    closeSync(fd);
    expect(await refusalOf(store)).toBe('was read');
    expect(flips).toBe(bytes.length * 8);
    console.log(`${flips} bit flips, ${flips} refused`);
  });

  it('at every length', { timeout: 60_000 }, async () => {
    const place = await placeWith('personal');
    const store = place.open();
    const size = readFileSync(place.path('personal')).length;
    const fd = openSync(place.path('personal'), 'r+');
    for (let length = size - 1; length >= 0; length -= 1) {
      ftruncateSync(fd, length);
      const text = await refusalOf(store);
      if (!isRefusal(text, place)) expect.fail(`cut to ${length} of ${size} bytes: ${text}`);
    }
    closeSync(fd);
    console.log(`${size} truncations, ${size} refused`);
  });

  it.each<[string, (bytes: Buffer) => Uint8Array]>([
    ['with a trailing byte', (bytes) => Buffer.concat([bytes, Buffer.alloc(1)])],
    ['with a trailing line end', (bytes) => Buffer.concat([bytes, Buffer.from('\n')])],
    ['twice over', (bytes) => Buffer.concat([bytes, bytes])],
    ['with a leading byte', (bytes) => Buffer.concat([Buffer.from('\n'), bytes])],
    ['zeroed, as after a power cut', (bytes) => Buffer.alloc(bytes.length)],
    [
      'with its line ends converted',
      (bytes) => Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1'),
    ],
  ])('%s', async (_, change) => {
    const place = await placeWith('personal');
    writeFileSync(place.path('personal'), change(readFileSync(place.path('personal'))));
    const text = await refusalOf(place.open());
    expect(text).toContain(place.path('personal'));
    expect(isRefusal(text, place)).toBe(true);
  });

  it('with the start of one file and the end of another', async () => {
    const place = await placeWith('personal', 'brand');
    const [head, tail] = ['personal', 'brand'].map((name) => readFileSync(place.path(name))) as [
      Buffer,
      Buffer,
    ];
    const payload = head.indexOf('\n', head.indexOf('\n---') + 1) + 1;
    for (const cut of [payload, payload + 16]) {
      writeFileSync(place.path('personal'), Buffer.concat([head.subarray(0, cut), tail.subarray(cut)]));
      expect(isRefusal(await refusalOf(place.open()), place)).toBe(true);
    }
  });

  it('swapped with another profile, both ways', async () => {
    const place = await placeWith('personal', 'brand');
    renameSync(place.path('personal'), place.path('aside'));
    renameSync(place.path('brand'), place.path('personal'));
    renameSync(place.path('aside'), place.path('brand'));
    const store = place.open();
    const refused = (name: string, held: string) =>
      `1: ${place.path(name)} is refused: it holds the profile ${held}, not ${name}`;
    expect(await refusalOf(store, 'personal')).toBe(refused('personal', 'brand'));
    expect(await refusalOf(store, 'brand')).toBe(refused('brand', 'personal'));
  });

  it('from another vault of the same identity', async () => {
    const [here, there] = [await placeWith('personal'), await placeWith('personal')];
    const other = new FilePlace(here.identity, 'another-vault');
    await write(other.open(), profileOf('personal'), null, nothing);
    copyFileSync(other.path('personal'), here.path('personal'));
    expect(await refusalOf(here.open())).toBe(
      `1: ${here.path('personal')} is refused: it belongs to another vault`,
    );
    copyFileSync(there.path('personal'), here.path('personal'));
    expect(await refusalOf(here.open())).toMatch(/^3: the identity at hand does not open .*personal\.age$/);
  });
});
