// Sends what a Node program means for the live service to an emulator instead; touches nothing else.
//
// It works where Node opens connections, below fetch, undici, node:http, node:https and what is built on them: a
// connection to one of the hosts becomes a plain one to the emulator, and the Host header says which host was meant.
'use strict';

const address = process.env.MINIMAX_MOCK_REDIRECT;
if (address) {
  const net = require('node:net');
  const tls = require('node:tls');
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon).replace(/^\[|\]$/g, '');
  const port = Number(address.slice(colon + 1));
  const hosts = new Set((process.env.MINIMAX_MOCK_REDIRECT_HOSTS || '').split(','));
  const told = new Set();

  const redirected = (name, by) => {
    const meant = typeof name === 'string' ? name.toLowerCase().replace(/\.$/, '') : '';
    if (!hosts.has(meant)) return false;
    if (process.env.MINIMAX_MOCK_REDIRECT_VERBOSE && !told.has(meant + by)) {
      told.add(meant + by);
      process.stderr.write(`minimax-mock: ${meant} -> ${address} (node:${by})\n`);
    }
    return true;
  };

  // The ways to say where to: (options), (port, host), and [options, listener] from within Node.
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function (...args) {
    const [first, second] = args;
    if (Array.isArray(first) && first[0] && redirected(first[0].host, 'net')) {
      first[0] = { ...first[0], host, port };
    } else if (first && typeof first === 'object' && redirected(first.host, 'net')) {
      args[0] = { ...first, host, port };
    } else if (redirected(second, 'net')) {
      args[0] = port;
      args[1] = host;
    }
    return connect.apply(this, args);
  };

  // A plain connection that passes for one with TLS: whoever asked for it waits for 'secureConnect'.
  const connectSecurely = tls.connect;
  tls.connect = function (...args) {
    const given = args.find((arg) => arg && typeof arg === 'object') || {};
    const name = typeof args[1] === 'string' ? args[1] : given.host;
    const listener = args.find((arg) => typeof arg === 'function');
    if (given.socket || !redirected(name, 'tls')) return connectSecurely.apply(this, args);
    const { timeout, signal, noDelay, keepAlive, keepAliveInitialDelay } = given;
    const socket = net.connect({ host, port, timeout, signal, noDelay, keepAlive, keepAliveInitialDelay });
    Object.assign(socket, {
      encrypted: true,
      authorized: true,
      authorizationError: null,
      alpnProtocol: false,
      servername: given.servername || name,
      getPeerCertificate: () => ({}),
      getProtocol: () => 'TLSv1.3',
      getSession: () => undefined,
      isSessionReused: () => false,
      setServername: () => undefined,
    });
    if (listener) socket.once('secureConnect', listener);
    socket.once('connect', () => socket.emit('secureConnect'));
    return socket;
  };

  require('node:module').syncBuiltinESMExports();
}
