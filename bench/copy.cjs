// Copies its input to its output as quickly as Node can: what a runner in Node that masked nothing would take.
const { writeSync } = require('node:fs');
const { Socket } = require('node:net');

const buffer = Buffer.allocUnsafeSlow(128 * 1024);
new Socket({ fd: 0, writable: false, onread: { buffer, callback } }).resume();

function callback(size, bytes) {
  for (let done = 0; done < size; ) {
    try {
      done += writeSync(1, bytes, done, size - done);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
  return true;
}
