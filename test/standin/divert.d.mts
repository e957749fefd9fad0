/** The variables that make Node and Python programs take the stand-in on this port for X. */
export function diverted(port: number): {
  X_STANDIN_PORT: string;
  NODE_OPTIONS: string;
  BUN_OPTIONS: string;
  PYTHONPATH: string;
  PYTHONDONTWRITEBYTECODE: string;
};
