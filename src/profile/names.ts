import { usage } from '../failure.ts';
import { holdsCredential, NOT_SHOWN } from './shape.ts';

// The length is compared apart, since V8 takes a while to compile a counted repetition.
const PROFILE_NAME = /^[a-z0-9][a-z0-9._-]*$/;
const LONGEST_NAME = 64;
const WINDOWS_DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/;
const EXTRA_NAME = /^[A-Z][A-Z0-9_]{0,127}$/;
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Variables that would change how the child itself is loaded, or that twvault reads: never from a profile. */
const RESERVED =
  /^(TWVAULT_.*|PATH|HOME|SHELL|IFS|LD_.*|DYLD_.*|NODE_OPTIONS|BASH_ENV|ENV|PYTHONPATH|PYTHONSTARTUP)$/;

/**
 * Variables by which a program is led to another server, shows what it sends, or runs something on the way. A user may
 * store one under its own name; nothing else is put in it, since a project file, which comes with a clone, could ask.
 */
const LEADING = [
  '.*_PROXY|.*_CA_.*|SSL_.*|SSLKEYLOGFILE|OPENSSL_.*|HOSTALIASES|RES_OPTIONS|LOCALDOMAIN',
  'GIT_.*|SSH_.*|NPM_CONFIG_.*|PIP_.*|UV_.*|DOCKER_(HOST|CONFIG|CERT_PATH|TLS.*)',
  'NODE_.*|DENO_.*|BUN_.*|PYTHON[^_].*|PYTHON_BASIC_REPL|PERL[^_].*|PERL_(MM|MB)_OPT|RUBY[^_].*|GEM_(HOME|PATH)',
  'LUA_(PATH|CPATH|INIT).*|PHPRC|PHP_INI_SCAN_DIR|DOTNET_.*|CORECLR_.*|_?JAVA_(TOOL_)?OPT(ION)?S|JAVA_HOME|JDK_.*',
  'CLASSPATH|MAVEN_OPTS|GRADLE_OPTS|GCONV_PATH|LOCPATH|NLSPATH|GLIBC_.*|MALLOC_.*',
  'TMPDIR|TMP|TEMP|XDG_.*|USERPROFILE|APPDATA|LOCALAPPDATA|PATHEXT|COMSPEC|SYSTEMROOT|WINDIR|PSMODULEPATH',
  '(.*_)?(EDITOR|PAGER)|VISUAL|BROWSER|LESSOPEN|LESSCLOSE|PROMPT_COMMAND|PS4|ZDOTDIR|CDPATH|SHELLOPTS|BASHOPTS',
];

/** Windows takes names in any case for the same, and programs read http_proxy as well. */
const isLeading = (name: string): boolean => new RegExp(`^(${LEADING.join('|')})$`, 'i').test(name);

/**
 * The name of a profile, checked. Profile names are file names too, hence lower case only (case-insensitive file
 * systems) and no Windows device names.
 * @throws Failure exit 2 with the rule
 */
export function profileName(text: string): string {
  if (!isSpelledAsName(text)) {
    throw usage(`'${printable(text)}' cannot be a profile's name`, [
      'use up to 64 lower-case letters, digits, dots, hyphens and underscores, beginning with a letter or digit',
    ]);
  }
  if (WINDOWS_DEVICE.test(text)) throw usage(`'${text}' is a device name on Windows: choose another name`);
  return text;
}

export const isProfileName = (text: string): boolean => isSpelledAsName(text) && !WINDOWS_DEVICE.test(text);

const isSpelledAsName = (text: string): boolean => text.length <= LONGEST_NAME && PROFILE_NAME.test(text);

/** Whether a variable may be stored beside the fields of a profile. */
export const isExtraName = (text: string): boolean => EXTRA_NAME.test(text) && !RESERVED.test(text);

/**
 * An environment variable's name that a user chose as a target (`--env NAME=FIELD`).
 * @throws Failure exit 2
 */
export function variableName(text: string): string {
  if (!VARIABLE_NAME.test(text)) throw usage(`'${printable(text)}' cannot be an environment variable's name`);
  if (RESERVED.test(text.toUpperCase()))
    throw usage(`${text} cannot be set from a profile: it changes how programs are run`);
  if (isLeading(text))
    throw usage(`${text} is given no other value: it changes how programs are run, or whom they ask`, [
      'where a value belongs in it, store it under that name: twvault set PROFILE NAME',
    ]);
  return text;
}

/**
 * User text made safe to show in a message: no control characters, short, and nothing that may be a key pasted in
 * the wrong place.
 */
export function printable(text: string): string {
  if (holdsCredential(text)) return NOT_SHOWN;
  const safe = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
  return safe.length > 40 ? `${safe.slice(0, 37)}...` : safe;
}
