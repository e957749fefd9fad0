// Preloaded into a Node bot (node --require): its https requests to X go, in plain HTTP, to the stand-in on this
// machine. The bot and its library stay as they are, and sign for the address that they believe in.
const http = require('node:http');
const https = require('node:https');
const net = require('node:net');

const port = Number(process.env.X_STANDIN_PORT);

if (port && process.versions.bun) {
  // Bun's client takes no connection from an agent.
  /** @param {any[]} given */
  const request = (...given) => {
    const [url, options] =
      typeof given[0] === 'object' && !(given[0] instanceof URL) ? [undefined, given[0]] : given;
    const { hostname, host, pathname, search } = url ? new URL(url) : options;
    const name = hostname ?? host;
    const path = url ? pathname + search : options.path;
    const isX = /(^|\.)(x|twitter)\.com$/.test(name);
    const headers = { ...options.headers, Host: name };
    const place = { protocol: 'http:', host: '127.0.0.1', port: isX ? port : 1, path };
    return http.request(
      { ...options, hostname: undefined, ...place, headers, agent: undefined },
      given.find((part) => typeof part === 'function'),
    );
  };
  https.request = /** @type {any} */ (request);
} else if (port) {
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
