import type { Command } from 'commander';
import { repeated } from '../repeated.ts';
import { EXEC_OPTIONS, type ExecArguments } from './arguments.ts';

/** What commander makes of the options of exec: those that were given. */
export type ExecValues = Partial<Omit<ExecArguments, 'command'>>;

/** Gives a command the options of exec, from their one table. */
export function addExecOptions(command: Command): Command {
  for (const { short, long, value, help, isRepeatable } of EXEC_OPTIONS) {
    const flags = `${short ? `${short}, ` : ''}${long}${value ? ` <${value}>` : ''}`;
    if (isRepeatable) command.option(flags, help, repeated);
    else command.option(flags, help);
  }
  return command;
}
