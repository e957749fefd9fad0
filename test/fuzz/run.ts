import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { atNight } from '../support/effort.ts';
import { complaint, type Parser } from './law.ts';
import { deepened, mutated } from './mutate.ts';

/** Inputs for each parser. */
export const INPUTS = Number(process.env.TWVAULT_FUZZ ?? atNight(100_000, 1000));

const CORPUS = join(import.meta.dirname, 'corpus');

/** The saved documents for a parser: valid ones, and what once broke it. */
function corpus(name: string): Buffer[] {
  const folder = join(CORPUS, name);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((file) => readFileSync(join(folder, file)));
}

/** Reads every document of the corpus and so many made of them. What breaks the law is saved, to be read first from then on. */
export async function fuzz(parser: Parser): Promise<{ inputs: number; read: number; refused: number }> {
  const seeds = [...parser.seeds, ...corpus(parser.name)];
  const count = { inputs: 0, read: 0, refused: 0 };
  const check = async (bytes: Buffer) => {
    count.inputs += 1;
    try {
      await parser.read(Buffer.from(bytes));
      count.read += 1;
    } catch (error) {
      count.refused += 1;
      const wrong = complaint(error, parser);
      if (wrong !== undefined) throw new Error(`${parser.name} ${wrong}`, { cause: error });
    }
  };
  for (const seed of [...seeds, ...seeds.slice(0, 3).flatMap(deepened)]) await check(seed);
  const result = await fc.check(fc.asyncProperty(mutated(seeds), check), { numRuns: INPUTS });
  if (result.failed) {
    const [bytes] = result.counterexample ?? [];
    throw new Error(
      `${(result.errorInstance as Error | null)?.message}; saved as ${saved(parser.name, bytes)}`,
      {
        cause: result.errorInstance,
      },
    );
  }
  return count;
}

function saved(name: string, bytes: Uint8Array = new Uint8Array()): string {
  const folder = join(CORPUS, name);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `found-${createHash('sha256').update(bytes).digest('hex').slice(0, 8)}`);
  writeFileSync(file, bytes);
  return file;
}
