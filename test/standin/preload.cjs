// Preloaded into a Node bot (node --require): its https requests to X go, in plain HTTP, to the stand-in on this
// machine. The bot and its library stay as they are, and sign for the address that they believe in.
const http = require('node:http');
const https = require('node:https');
const net = require('node:net');

const port = Number(process.env.X_STANDIN_PORT);

if (port) {
  const agent = Object.assign(new http.Agent(), {
    protocol: 'https:',
    defaultPort: 443, // so that the Host header names no port
    createConnection({ host = '' }) {
      if (/(^|\.)(x|twitter)\.com$/.test(host)) return net.connect(port, '127.0.0.1');
      return new net.Socket().destroy(new Error(`the stand-in does not answer for ${host}`));
    },
  });
  https.globalAgent = /** @type {any} */ (agent);
}
