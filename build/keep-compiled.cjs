// Loaded before bin/twvault.js: when the process ends, writes down what V8 compiled of the program by then.
const { writeFileSync } = require('node:fs');
const vm = require('node:vm');

let program;
vm.Script = class extends vm.Script {
  constructor(...args) {
    super(...args);
    program = this;
  }
};

// The process has to live on to keep what it compiled.
process.execve = undefined;
process.on('exit', (code) => {
  if (code === 0) writeFileSync(process.env.TWVAULT_KEEP_COMPILED, program.createCachedData());
});
