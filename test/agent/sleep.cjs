// Preloaded into an agent: at SIGUSR2 the wall clock says that the machine has slept for 20 seconds.
require('../x/clock.cjs');
process.on('SIGUSR2', () => globalThis.passTime(20));
