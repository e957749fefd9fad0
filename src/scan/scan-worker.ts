// A thread that scans batches of files as they come. An empty batch asks it to end.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { batchScanner, type FromThread } from './batch-scan.ts';
import type { ScannerInput } from './scanner.ts';

const port = parentPort as MessagePort;
const scan = batchScanner(workerData as ScannerInput, (bytes) =>
  port.postMessage(bytes satisfies FromThread),
);
port.on('message', (paths: Uint8Array) => {
  if (paths.length === 0) port.close();
  else {
    const report = scan(Buffer.from(paths.buffer, paths.byteOffset, paths.length));
    port.postMessage(report satisfies FromThread);
  }
});
