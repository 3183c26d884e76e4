'use strict';
// Lets a debugger attach before the handler is called. Loaded by coldframe_runtime.cjs for such an event only.
//
// This thread stands still until then, so a worker talks to the Runtime API's own host: POST /coldframe/debug/listening,
// /attached or /failed tell it how it goes; GET /coldframe/debug/release is answered when the event is to go on
// without a debugger. The worker then plays the debugger that says "run".

const { Worker, isMainThread, workerData } = require('worker_threads');

if (isMainThread) module.exports = { waitForDebugger };
else work(workerData);

// Returns once a debugger is attached (true), or the event has been released (false).
function waitForDebugger(address, port) {
  const inspector = require('inspector');
  const shared = new Int32Array(new SharedArrayBuffer(8)); // [released, worker is done]
  let failure;
  try {
    if (!inspector.url()) inspector.open(port, '127.0.0.1');
    if (!inspector.url()) failure = `node cannot listen on port ${port}: another program may have it`;
  } catch (error) {
    failure = `node cannot listen on port ${port}: ${error.message}`;
  }
  const worker = new Worker(__filename, { workerData: { address, failure, url: inspector.url(), shared } });
  worker.unref();
  if (failure) {
    Atomics.wait(shared, 0, 0);
  } else {
    inspector.waitForDebugger();
    if (Atomics.load(shared, 0) === 0) tellFrom(worker, shared);
  }
  worker.terminate();
  return Atomics.load(shared, 0) === 0;
}

function tellFrom(worker, shared) {
  worker.postMessage('attached');
  Atomics.wait(shared, 1, 0, 2000);
}

async function work({ address, failure, url, shared }) {
  const { parentPort } = require('worker_threads');
  parentPort.on('message', async () => {
    await ask(address, 'POST', '/coldframe/debug/attached', '{}');
    Atomics.store(shared, 1, 1);
    Atomics.notify(shared, 1);
  });
  await ask(address, 'POST', `/coldframe/debug/${failure ? 'failed' : 'listening'}`, JSON.stringify({ message: failure, port: url ? Number(new URL(url).port) : undefined }));
  if (!(await ask(address, 'GET', '/coldframe/debug/release'))) return;
  Atomics.store(shared, 0, 1);
  Atomics.notify(shared, 0);
  if (!failure) setInterval(() => sayRun(url), 50); // until this worker is ended: it may not wait yet
}

// Whether there was an answer; without one, whoever would give it has gone and this process ends soon.
function ask(address, method, path, body) {
  return new Promise((resolve) => {
    const [host, port] = address.split(':');
    const headers = body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    const request = require('http').request({ host, port, method, path, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(true));
    });
    request.on('error', () => resolve(false));
    request.end(body);
  });
}

// One WebSocket message to this process's own inspector; the frame is masked with zeros, which changes nothing.
function sayRun(url) {
  const { host, port, hostname, pathname } = new URL(url);
  const text = Buffer.from(JSON.stringify({ id: 1, method: 'Runtime.runIfWaitingForDebugger' }));
  const socket = require('net').connect({ host: hostname, port: Number(port) }, () => {
    socket.write(`GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n`
      + 'Sec-WebSocket-Key: Y29sZGZyYW1lLWRlYnVnIQ==\r\nSec-WebSocket-Version: 13\r\n\r\n');
    socket.once('data', () => socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text])));
  });
  socket.on('error', () => {});
}
