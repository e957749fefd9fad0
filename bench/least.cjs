// The least that opening one record takes in any Node program: node:crypto is loaded, a key agreed on, 4 KiB opened and a
// signature checked, all of zeros, and the command started the quickest way that this Node has.
const crypto = require('node:crypto');

const [file] = process.argv.slice(2);
const zeros = (size) => Buffer.alloc(size);
const publicKey = (crv, point) =>
  crypto.createPublicKey({ key: { kty: 'OKP', crv, x: point.toString('base64url') }, format: 'jwk' });

function secretKey() {
  const scalar = Buffer.alloc(32, 7);
  if (Number.parseInt(process.versions.node, 10) >= 24)
    return crypto.createPrivateKey({ key: scalar, format: 'raw-private', asymmetricKeyType: 'x25519' });
  const key = { kty: 'OKP', crv: 'X25519', d: scalar.toString('base64url'), x: '' };
  return crypto.createPrivateKey({ key, format: 'jwk' });
}

const basePoint = zeros(32);
basePoint[0] = 9;
const shared = crypto.diffieHellman({ privateKey: secretKey(), publicKey: publicKey('X25519', basePoint) });
const key = crypto.createHmac('sha256', shared).update('x').digest();
crypto.createDecipheriv('chacha20-poly1305', key, zeros(12), { authTagLength: 16 }).update(zeros(4096));
crypto.verify(null, key, publicKey('Ed25519', zeros(32)), zeros(64));

if (process.execve) {
  process.removeAllListeners('warning');
  process.on('warning', () => {});
  process.execve(file, [file], process.env);
}
const { Process } = process.binding('process_wrap');
const child = new Process();
child.onexit = (code) => process.reallyExit(code);
child.spawn({ file, args: [file], envPairs: [], stdio: [0, 1, 2].map((fd) => ({ type: 'fd', fd })) });
