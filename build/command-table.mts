import type { InputOptions, Plugin } from 'rolldown';
import { evaluate } from './evaluate.mts';

const NAME = 'virtual:command-table';
const ID = `\0${NAME}`;

/**
 * Gives the module `virtual:command-table`: all commands and options as data, taken from the commander program by
 * running it. So completion can answer without loading commander, and cannot lag behind the commands.
 */
export function commandTable(options: InputOptions): Plugin {
  return {
    name: 'command-table',
    resolveId: (id) => (id === NAME ? ID : undefined),
    load: async (id) =>
      id === ID ? `export default ${JSON.stringify(await describe(options))};` : undefined,
  };
}

async function describe(options: InputOptions): Promise<unknown> {
  type Module = typeof import('../src/cli/completion/describe.ts');
  const { describeProgram } = await evaluate<Module>('src/cli/completion/describe.ts', options);
  return describeProgram();
}
