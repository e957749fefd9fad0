/** Every command, in the order of the help. A new one is a file beside this and a line here. */
export const COMMANDS = {
  init: () => import('./init.ts'),
  add: () => import('./add.ts'),
  exec: () => import('./exec.ts'),
  shell: () => import('./shell.ts'),
  use: () => import('./use.ts'),
  list: () => import('./list.ts'),
  show: () => import('./show.ts'),
  get: () => import('./get.ts'),
  set: () => import('./set.ts'),
  unset: () => import('./unset.ts'),
  rename: () => import('./rename.ts'),
  copy: () => import('./copy.ts'),
  remove: () => import('./remove.ts'),
  import: () => import('./import.ts'),
  export: () => import('./export.ts'),
  scan: () => import('./scan.ts'),
  guard: () => import('./guard.ts'),
  verify: () => import('./verify.ts'),
  login: () => import('./login.ts'),
  revoke: () => import('./revoke.ts'),
  rotate: () => import('./rotate.ts'),
  token: () => import('./token.ts'),
  doctor: () => import('./doctor.ts'),
  completion: () => import('./completion.ts'),
} as const;

export type CommandName = keyof typeof COMMANDS;
