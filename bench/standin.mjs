// node bench/standin.mjs ACCOUNTS: X's stand-in, until standard input ends. Says its port.
import { startStandIn } from '../test/standin/server.mjs';

const { port, close } = await startStandIn({ accounts: JSON.parse(process.argv[2]) });
console.log(port);
process.stdin.resume().on('end', close);
