/** The hook that was there before, beside ours under this name. */
export const BEFORE = 'pre-commit.before-twvault';

/** How to run twvault where it is not on PATH: Node and the script, absolute. */
export interface Program {
  readonly node: string;
  readonly script: string;
}

export const SHEBANG = '#!/bin/sh';
const ABOUT = "# Stops a commit that holds a credential. 'twvault guard uninstall' takes this out again.";

/** Runs the hook that was there before, with the same arguments and input; its failure is the commit's. */
export const CHAIN: readonly string[] = [
  `before="\${0%/*}/${BEFORE}"`,
  'if [ -x "$before" ]; then "$before" "$@" || exit; fi',
];

/** The lines of a hook of one's own, for a folder that is not shared with others. */
export function ownLines({ node, script }: Program): string[] {
  return [
    ABOUT,
    ...CHAIN,
    'if [ "$TWVAULT_GUARD" = off ]; then',
    '  :',
    'elif command -v twvault >/dev/null 2>&1; then',
    '  twvault scan --staged </dev/null || exit',
    `elif [ -x ${quoted(node)} ] && [ -f ${quoted(script)} ]; then`,
    `  ${quoted(node)} ${quoted(script)} scan --staged </dev/null || exit`,
    'else',
    "  echo 'twvault: the guard of this repository cannot find twvault, so nothing was checked or committed' >&2",
    "  echo 'twvault: hint: install it again, or take the guard out: delete its part of the pre-commit hook' >&2",
    "  echo 'twvault: hint: to commit unchecked this once: TWVAULT_GUARD=off git commit' >&2",
    '  exit 1',
    'fi',
  ];
}

const MISSING = 'twvault: not installed here, so this commit is not checked for credentials';

/** Whether the machine's own configuration says where twvault is, which `guard install` writes there. */
const REMEMBERED =
  'node="$(git config twvault.node)" && script="$(git config twvault.script)" && [ -x "$node" ] && [ -f "$script" ]';

/** The lines for a hook that is committed and runs on other people's machines: who has no twvault is not stopped. */
export const SHARED_LINES: readonly string[] = [
  ABOUT,
  'if [ "$TWVAULT_GUARD" = off ]; then',
  '  :',
  'elif command -v twvault >/dev/null 2>&1; then',
  '  twvault scan --staged </dev/null || exit',
  `elif ${REMEMBERED}; then`,
  '  "$node" "$script" scan --staged </dev/null || exit',
  'else',
  `  echo '${MISSING}' >&2`,
  'fi',
];

/** The same in one command, for the configuration of a hook manager. Without single quotes. */
export const SHARED_COMMAND = `if [ "$TWVAULT_GUARD" = off ]; then :; elif command -v twvault >/dev/null 2>&1; then twvault scan --staged; elif ${REMEMBERED}; then "$node" "$script" scan --staged; else echo "${MISSING}" >&2; fi`;

/** A word for sh, whatever it holds. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
