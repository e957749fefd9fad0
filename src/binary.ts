// The standalone binary: the program, what answers completion scripts, and the helper processes in one executable.
// Each is loaded only where it is asked for.
switch (process.argv[2]) {
  case '__complete':
    void import('./complete.ts');
    break;
  case '__agent':
    void import('./agent/agent.ts');
    break;
  case '__keychain-helper':
    void import('./system/keychain-helper.ts');
    break;
  default:
    void import('./main.ts');
}

export {};
