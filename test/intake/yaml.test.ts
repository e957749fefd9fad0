import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { yaml } from '../../src/intake/yaml.ts';
import { sentinel } from '../support/credentials.ts';
import { expectRemovable, flat, pairs, spelled, tree, values } from '../support/reading.ts';

const style = fc.constantFrom(
  {},
  { defaultStringType: 'QUOTE_DOUBLE' as const },
  { indent: 4 },
  { collectionStyle: 'flow' as const, lineWidth: 0 },
);

describe('a YAML file', () => {
  it('means what the library wrote, and keeps its meaning without any of its entries', () => {
    fc.assert(
      fc.property(tree, style, (object, options) => {
        const text = stringify(object, options);
        expect(values(yaml.read(text)), text).toEqual(flat(object));
        expectRemovable(yaml, text);
      }),
    );
  });

  it('has Rails environments, anchors, merges and lists, every value a text', () => {
    const text = [
      'default: &default',
      '  consumer_key: 007 # old',
      '  consumer_secret: yes',
      'development:',
      '  <<: *default',
      '  consumer_secret: "own"',
      'other: *default',
      'accounts:',
      '  - name: 2026-11-24',
      '    token: |',
      '      block',
    ].join('\n');
    const found = yaml.read(text);
    expect(values(found)).toEqual({
      'default/consumer_key': '007',
      'default/consumer_secret': 'yes',
      'development/consumer_key': '007',
      'development/consumer_secret': 'own',
      'other/consumer_key': '007',
      'other/consumer_secret': 'yes',
      'accounts/0/name': '2026-11-24',
      'accounts/0/token': 'block\n',
    });
    // What an alias stands for has its place at the anchor.
    const places = found.filter(({ name }) => name === 'consumer_key').map(({ line }) => line);
    expect(places).toEqual([2, 2, 2]);
  });

  it('may have several documents, names of any kind, and the last of two', () => {
    const text = 'a: 1\n---\n__proto__: 2\nconstructor: 1e3\n1.0: 0x1F\nnull: ~\na: 3\na: 4\n';
    const found = yaml.read(text);
    expect(pairs(found)).toEqual([
      ['1/a', '1'],
      ['2/__proto__', '2'],
      ['2/constructor', '1e3'],
      ['2/1.0', '0x1F'],
      ['2/null', '~'],
      ['2/a', '4'],
    ]);
    expect(spelled(text, found)).toEqual(['1', '2', '1e3', '0x1F', '~', '4']);
  });

  it('is refused where a few aliases stand for too much', () => {
    const bomb = Array.from({ length: 20 }, (_, i) =>
      i === 0 ? 'a0: &a0 {k: v}' : `a${i}: &a${i} {x: *a${i - 1}, y: *a${i - 1}, z: *a${i - 1}}`,
    ).join('\n');
    expect(() => yaml.read(bomb)).toThrow(/^the YAML stands for too many values$/);
  });

  it('is refused with its line, and nothing of it, where it is not YAML', () => {
    const secret = sentinel();
    expect(() => yaml.read(`a: 1\nb: "${secret}\n c: [${secret}`)).toThrow(/^not YAML \(line [23]\)$/);
  });

  it('has variables by name and value, defaults of variables, and the data of Kubernetes secrets', () => {
    const text = [
      'kind: Secret',
      'data:',
      '  CODED: c2VjcmV0IHZhbHVl',
      'env:',
      '  - name: ONE',
      '    value: "1"',
      '  - {key: TWO, value: 2}',
      'environment:',
      `  THREE: \${THREE:-default}`,
      `  FOUR: \${FOUR}`,
    ].join('\n');

    expect(values(yaml.read(text))).toMatchObject({
      'data/CODED': 'secret value',
      'env/ONE': '1',
      'env/TWO': '2',
      'environment/THREE': 'default',
      'environment/FOUR': `\${FOUR}`,
    });
    expectRemovable(yaml, text.replace('kind: Secret\n', ''));
  });
});
