/** An option of exec: one table for the fast parser, the help and the completion. */
export interface ExecOption {
  readonly key:
    | 'profile'
    | 'prefix'
    | 'as'
    | 'only'
    | 'without'
    | 'env'
    | 'envFile'
    | 'minLife'
    | 'serve'
    | 'mask'
    | 'noMask';
  readonly short?: string;
  readonly long: string;
  /** What its value is; absent where it takes none. */
  readonly value?: string;
  readonly help: string;
  readonly isRepeatable: boolean;
}

export const EXEC_OPTIONS: readonly ExecOption[] = [
  {
    key: 'profile',
    short: '-p',
    long: '--profile',
    value: 'PROFILE',
    help: "the profile whose keys the command gets (see 'twvault use'); several with --prefix",
    isRepeatable: true,
  },
  {
    key: 'prefix',
    long: '--prefix',
    help: "the profile's name before each variable: BRAND_TWITTER_API_KEY",
    isRepeatable: false,
  },
  {
    key: 'as',
    long: '--as',
    value: 'PRESET',
    help: 'the names of the variables: twitter (default), tutorial, x, node, eliza, xmcp, consumer, mcp, xurl, authjs, or one of your own',
    isRepeatable: false,
  },
  {
    key: 'only',
    long: '--only',
    value: 'FIELD,...',
    help: 'hand over these fields and extras, and no others',
    isRepeatable: true,
  },
  {
    key: 'without',
    long: '--without',
    value: 'FIELD,...',
    help: 'keep these fields and extras back',
    isRepeatable: true,
  },
  {
    key: 'env',
    long: '--env',
    value: 'NAME=FIELD',
    help: 'one more variable, filled from a field or an extra; NAME=PROFILE/FIELD takes it from that profile',
    isRepeatable: true,
  },
  {
    key: 'envFile',
    short: '-f',
    long: '--env-file',
    value: 'FILE',
    help: 'variables of a dotenv file, in which twvault://PROFILE/FIELD stands for a value; --env-file only with one that you trust: Node reads it before twvault starts',
    isRepeatable: true,
  },
  {
    key: 'minLife',
    long: '--min-life',
    value: 'TIME',
    help: 'renew an OAuth 2.0 login whose token lives less than this: 90s, 10m (default), 2h; 0 turns it off',
    isRepeatable: false,
  },
  {
    key: 'serve',
    long: '--serve',
    help: 'stay beside the command and offer it a fresh token at TWVAULT_TOKEN_URL',
    isRepeatable: false,
  },
  {
    key: 'mask',
    long: '--mask',
    help: "replace the profile's secrets in the command's output by [PROFILE/FIELD]; on by itself where CI is set",
    isRepeatable: false,
  },
  {
    key: 'noMask',
    long: '--no-mask',
    help: "leave the command's output as it is",
    isRepeatable: false,
  },
];

export interface ExecArguments {
  readonly profile: readonly string[];
  readonly prefix?: true;
  readonly as?: string;
  readonly only: readonly string[];
  readonly without: readonly string[];
  readonly env: readonly string[];
  readonly envFile: readonly string[];
  readonly minLife?: string;
  readonly serve?: true;
  /** Whether to mask the output, where the command line says so. */
  readonly mask?: boolean;
  /** The command and its arguments, exactly as given. */
  readonly command: readonly string[];
}

/**
 * Reads the arguments of exec without loading a command line library, which would cost more than all the rest.
 * Options end at `--` or at the first word that is none: what follows belongs to the command.
 * @returns undefined for help, unknown options and missing values: commander then says what is wrong
 */
export function parseExec(argv: readonly string[]): ExecArguments | undefined {
  const values = new Map<ExecOption['key'], string[]>();
  let at = 0;
  for (; at < argv.length; at += 1) {
    const word = argv[at] as string;
    if (word === '--') {
      at += 1;
      break;
    }
    if (!word.startsWith('-') || word === '-') break;
    const match = matchOption(word);
    if (!match) return undefined;
    const { key, isRepeatable, value: kind } = match.option;
    if (kind !== undefined && match.attached === undefined) at += 1;
    const value = kind === undefined ? '' : (match.attached ?? argv[at]);
    if (value === undefined) return undefined;
    if (key === 'mask' || key === 'noMask') values.delete(key === 'mask' ? 'noMask' : 'mask'); // the last one counts
    values.set(key, isRepeatable ? [...(values.get(key) ?? []), value] : [value]);
  }
  return toArguments(values, argv.slice(at));
}

function toArguments(
  values: ReadonlyMap<ExecOption['key'], string[]>,
  command: string[],
): ExecArguments | undefined {
  if (command.length === 0) return undefined;
  const [as] = values.get('as') ?? [];
  const [minLife] = values.get('minLife') ?? [];
  return {
    ...(as === undefined ? {} : { as }),
    ...(minLife === undefined ? {} : { minLife }),
    ...(values.has('serve') ? { serve: true } : {}),
    ...(values.has('prefix') ? { prefix: true } : {}),
    profile: values.get('profile') ?? [],
    ...(values.has('mask') ? { mask: true } : {}),
    ...(values.has('noMask') ? { mask: false } : {}),
    only: values.get('only') ?? [],
    without: values.get('without') ?? [],
    env: values.get('env') ?? [],
    envFile: values.get('envFile') ?? [],
    command,
  };
}

/** `--long`, `--long=value`, `-s` or `-svalue`. */
function matchOption(word: string): { option: ExecOption; attached?: string } | undefined {
  for (const option of EXEC_OPTIONS) {
    const { long, short, value } = option;
    if (word === long || word === short) return { option };
    if (value === undefined) continue;
    if (word.startsWith(`${long}=`)) return { option, attached: word.slice(long.length + 1) };
    if (short && !word.startsWith('--') && word.startsWith(short)) {
      return { option, attached: word.slice(short.length) };
    }
  }
  return undefined;
}
