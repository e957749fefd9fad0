import { fileURLToPath } from 'node:url';

const PRELOAD = fileURLToPath(new URL('preload.cjs', import.meta.url));
const PYTHON = fileURLToPath(new URL('python', import.meta.url));

/**
 * The variables that make Node, Bun and Python programs take the stand-in on this port for X.
 * @param {number} port
 */
export function diverted(port) {
  return {
    X_STANDIN_PORT: String(port),
    NODE_OPTIONS: `--require ${JSON.stringify(PRELOAD)}`, // quoted as Node reads it: the path may hold spaces
    BUN_OPTIONS: `--preload ${PRELOAD}`,
    PYTHONPATH: PYTHON,
    PYTHONDONTWRITEBYTECODE: '1', // or the preload would leave a __pycache__ in this folder
  };
}
