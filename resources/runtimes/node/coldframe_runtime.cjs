'use strict';
// Coldframe's Node.js runtime client: runs `module.function` handlers as AWS Lambda does (async, callback and streaming).
//
//     node coldframe_runtime.cjs          with _HANDLER, LAMBDA_TASK_ROOT and AWS_LAMBDA_RUNTIME_API set
//
// Speaks the Lambda Runtime API 2018-06-01 over one keep-alive connection, on `net` itself: `http` would cost
// start-up time and latency. What only failures and streams need is in files beside this one, loaded on need.

const net = require('net');

const BASE = '/2018-06-01/runtime/';
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
const DEBUG_PORT = 'coldframe-debug-port'; // in the headers of an event that is to wait for a debugger
const env = process.env;
const root = env.LAMBDA_TASK_ROOT || process.cwd();
const failures = () => require('./coldframe_failures.cjs'); // once loaded, this is a look-up

// ---------------------------------------------------------------- the connection

class Api {
  constructor(address) {
    this.address = address;
    const colon = address.lastIndexOf(':');
    this.host = address.slice(0, colon).replace(/^\[|\]$/g, '');
    this.port = Number(address.slice(colon + 1));
    this.nextRequest = `GET ${BASE}invocation/next HTTP/1.1\r\nHost: ${address}\r\n\r\n`;
    this.socket = null;
    this.waiting = null; // {request, done, tries} of the request that has no answer yet
    this.data = null; // bytes of an answer that is not whole yet
  }

  open() {
    const socket = net.connect({ host: this.host, port: this.port, noDelay: true });
    socket.setNoDelay(true);
    this.socket = socket;
    this.data = null;
    socket.on('data', (chunk) => this.arrived(chunk));
    socket.on('error', (error) => { socket.why = error.message; });
    socket.on('close', () => { if (this.socket === socket) this.lost(socket.why || 'connection closed'); });
  }

  // While the handler runs the connection must not keep the event loop alive.
  hold(yes) {
    if (!this.socket) return;
    if (yes) this.socket.ref(); else this.socket.unref();
  }

  send(request, done, tries) {
    this.waiting = { request, done, tries };
    if (!this.socket) this.open();
    this.hold(true);
    if (request) this.socket.write(request);
  }

  lost(why) {
    this.socket = null;
    const waiting = this.waiting;
    if (!waiting) return;
    if (waiting.tries > 1 && waiting.request) return this.send(waiting.request, waiting.done, waiting.tries - 1);
    this.waiting = null;
    waiting.done(0, null, why);
  }

  drop() {
    const { socket } = this;
    this.socket = null;
    if (socket) socket.destroy();
  }

  next(done) {
    this.send(this.nextRequest, (status, headers, body) => {
      if (status === 200) return done(headers, body);
      const why = status ? `answered next with status ${status}` : `cannot be reached: ${body}`;
      process.stderr.write(`coldframe: the Runtime API at ${this.address} ${why}\n`);
      process.exit(1);
    }, 3);
  }

  post(path, body, done, extra = '') {
    const head = `POST ${BASE}${path} HTTP/1.1\r\nHost: ${this.address}\r\nContent-Type: application/json\r\n${extra}` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
    this.send(head + body, done, 2);
  }

  arrived(chunk) {
    const data = this.data ? Buffer.concat([this.data, chunk]) : chunk;
    const answer = parse(data);
    if (answer.need) { // grows in one go, so that a large event is not copied for every packet
      this.data = data;
      if (answer.need > data.length) this.collect(data, answer.need);
      return;
    }
    this.data = answer.end < data.length ? data.subarray(answer.end) : null;
    const waiting = this.waiting;
    this.waiting = null;
    if (answer.headers.connection === 'close') this.drop();
    if (waiting) waiting.done(answer.status, answer.headers, answer.body);
  }

  collect(data, size) {
    const socket = this.socket;
    const parts = [data];
    let have = data.length;
    socket.removeAllListeners('data');
    socket.on('data', (chunk) => {
      parts.push(chunk);
      have += chunk.length;
      if (have < size) return;
      socket.removeAllListeners('data');
      socket.on('data', (more) => this.arrived(more));
      this.data = null;
      this.arrived(Buffer.concat(parts));
    });
  }
}

// One HTTP answer out of `data`: {status, headers, body, end}, or {need: bytes wanted in all} when it is not whole.
function parse(data) {
  const stop = data.indexOf('\r\n\r\n');
  if (stop < 0) return { need: data.length };
  const lines = data.latin1Slice(0, stop).split('\r\n');
  const headers = {};
  for (let i = 1; i < lines.length; i++) {
    const colon = lines[i].indexOf(':');
    headers[lines[i].slice(0, colon).toLowerCase()] = lines[i].slice(colon + 1).trim();
  }
  const status = Number(lines[0].split(' ')[1]);
  const start = stop + 4;
  if (headers['transfer-encoding'] === 'chunked') return parseChunks(data, start, status, headers);
  const end = start + Number(headers['content-length'] || 0);
  if (data.length < end) return { need: end };
  return { status, headers, body: data.utf8Slice(start, end), end };
}

function parseChunks(data, start, status, headers) {
  const parts = [];
  let at = start;
  for (;;) {
    const line = data.indexOf('\r\n', at);
    if (line < 0) return { need: data.length };
    const size = parseInt(data.latin1Slice(at, line), 16);
    at = line + 2;
    if (size === 0) break;
    if (data.length < at + size + 2) return { need: at + size + 2 };
    parts.push(data.subarray(at, at + size));
    at += size + 2;
  }
  for (;;) { // trailers, then an empty line
    const line = data.indexOf('\r\n', at);
    if (line < 0) return { need: data.length };
    const empty = line === at;
    at = line + 2;
    if (empty) return { status, headers, body: Buffer.concat(parts).toString(), end: at };
  }
}

// ---------------------------------------------------------------- log lines and globals

let requestId;

function patchConsole() {
  const { format } = require('util');
  const levels = { trace: 'TRACE', debug: 'DEBUG', log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR', fatal: 'FATAL' };
  for (const [name, level] of Object.entries(levels)) {
    console[name] = (...words) => {
      process.stdout.write(`${new Date().toISOString()}\t${requestId}\t${level}\t${format(...words)}\n`);
    };
  }
}

function setGlobals() {
  globalThis.awslambda = {
    streamifyResponse(handler, options) {
      handler[STREAMING] = 'response';
      if (options) handler[Symbol.for('aws.lambda.runtime.handler.options')] = options;
      return handler;
    },
    HttpResponseStream: { from: (stream, prelude) => require('./coldframe_stream.cjs').withPrelude(stream, prelude) },
  };
}

// ---------------------------------------------------------------- the handler

async function findHandler(name) {
  const fs = require('fs');
  const path = require('path');
  const found = /^([^.]*)\.(.+)$/.exec(path.basename(name));
  if (!found) throw failures().fault('Runtime.MalformedHandlerName', 'Bad handler');
  const file = path.join(path.dirname(name), found[1]);
  const base = path.resolve(root, file);
  let value;
  if (fs.existsSync(`${base}.js`)) value = isModule(base) ? await load(`${base}.js`) : require(`${base}.js`);
  else if (fs.existsSync(`${base}.mjs`)) value = await load(`${base}.mjs`);
  else if (fs.existsSync(`${base}.cjs`)) value = require(`${base}.cjs`);
  else value = require(require.resolve(fs.existsSync(base) ? base : file, { paths: [root] }));
  for (const key of found[2].split('.')) value = value && value[key];
  if (value === undefined || value === null) throw failures().fault('Runtime.HandlerNotFound', `${name} is undefined or not exported`);
  if (typeof value !== 'function') throw failures().fault('Runtime.HandlerNotFound', `${name} is not a function`);
  return value;

  function load(full) {
    return import(require('url').pathToFileURL(full).href);
  }

  // Whether the nearest package.json says that .js files are ES modules.
  function isModule(full) {
    for (let dir = path.dirname(full); ; dir = path.dirname(dir)) {
      const description = path.join(dir, 'package.json');
      if (fs.existsSync(description)) return JSON.parse(fs.readFileSync(description, 'utf8')).type === 'module';
      if (dir === root || dir === path.dirname(dir)) return false;
    }
  }
}

// An SDK that does not read where the buckets are is told of, once its code is here.
function tellOfOldSdk() {
  if (!env.AWS_ENDPOINT_URL_S3) return;
  for (const file in require.cache) {
    if (!file.includes('aws-sdk')) continue;
    const found = /^.*\/node_modules\/(aws-sdk|@aws-sdk\/client-s3)\//.exec(file);
    if (found) {
      require('./coldframe_sdk.cjs').tell(found[0], found[1]);
      return;
    }
  }
}

function parsed(text) {
  return text ? JSON.parse(Buffer.from(text, 'latin1').toString()) : undefined;
}

function makeContext(headers, call) {
  let deadline = Number(headers['lambda-runtime-deadline-ms'] || 0);
  const left = () => (deadline ? Math.max(deadline - Date.now(), 0) : 0);
  let frozen = headers[DEBUG_PORT] && left(); // the platform's clock stands still too
  call.unfreeze = () => {
    deadline = Date.now() + frozen;
    frozen = undefined;
  };
  return {
    get callbackWaitsForEmptyEventLoop() { return call.waits; },
    set callbackWaitsForEmptyEventLoop(yes) { call.waits = yes; },
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: parsed(headers['lambda-runtime-client-context']),
    identity: parsed(headers['lambda-runtime-cognito-identity']),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: call.id,
    tenantId: headers['lambda-runtime-aws-tenant-id'],
    getRemainingTimeInMillis: () => (frozen === undefined ? left() : frozen),
    succeed: (result) => call.succeed(result),
    fail: (error) => call.fail(error === undefined || error === null ? 'handled' : error),
    done: (error, result) => (error === undefined || error === null ? call.succeed(result) : call.fail(error)),
  };
}

// ---------------------------------------------------------------- one call after the other

const api = new Api(env.AWS_LAMBDA_RUNTIME_API || '');
let handler;
let current = null; // the call that has no answer yet
let onEmptyLoop = null; // what an event loop that ran empty means just now
let dying = null; // the exit code to end with once the answer under way has arrived

class Call {
  constructor(id) {
    this.id = id;
    this.waits = true;
    this.stream = null;
  }

  answered() {
    if (current !== this) {
      console.error('Invocation has already been reported as done. Cannot call complete more than once per invocation.');
      return true;
    }
    current = null;
    onEmptyLoop = null;
    return false;
  }

  succeed(result) {
    if (this.answered()) return;
    let text;
    try {
      text = JSON.stringify(result === undefined ? null : result);
    } catch (error) {
      current = this;
      return this.fail(new Error(`Unable to stringify response body: ${error.message.split('\n')[0]}`));
    }
    api.post(`invocation/${this.id}/response`, text === undefined ? 'null' : text, proceed);
  }

  // `then`, when given, comes after the answer instead of the next call.
  fail(error, then = proceed, title = 'Invoke Error') {
    if (this.answered()) return;
    failures().log(title, error);
    if (this.stream && this.stream.begun) return this.stream.breakOff(error, then);
    api.post(`invocation/${this.id}/error`, JSON.stringify(failures().payload(error)), then);
  }

  callback(error, result) {
    if (error !== undefined && error !== null) return this.fail(error);
    if (!this.waits) return this.succeed(result);
    onEmptyLoop = () => setImmediate(() => this.succeed(result));
  }
}

function proceed() {
  if (dying !== null) process.exit(dying);
  api.next(invoke);
}

function invoke(headers, body) {
  requestId = headers['lambda-runtime-aws-request-id'];
  if (headers['lambda-runtime-trace-id']) env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
  else delete env._X_AMZN_TRACE_ID;
  const call = new Call(requestId);
  current = call;
  api.hold(false);
  let event;
  try {
    event = JSON.parse(body);
  } catch (error) {
    return call.fail(failures().fault('Runtime.UnmarshalError', `Unable to unmarshal input: ${error.message}`));
  }
  const context = makeContext(headers, call);
  if (headers[DEBUG_PORT]) {
    const { waitForDebugger } = require('./coldframe_debug.cjs');
    if (!waitForDebugger(api.address, Number(headers[DEBUG_PORT]))) call.unfreeze();
  }
  try {
    if (handler[STREAMING]) return startStream(call, event, context);
    onEmptyLoop = () => call.succeed(null);
    const result = handler(event, context, (error, value) => call.callback(error, value));
    if (result && typeof result.then === 'function') {
      if (current === call) onEmptyLoop = () => call.fail(failures().neverSettled('the handler'));
      result.then((value) => call.succeed(value), (error) => call.fail(error));
    }
  } catch (error) {
    call.fail(error);
  }
}

function startStream(call, event, context) {
  const stream = require('./coldframe_stream.cjs').responseStream(api, call, () => call.answered(), proceed);
  call.stream = stream;
  const result = handler(event, stream, context);
  if (!result || typeof result.then !== 'function') throw new Error('Streaming does not support non-async handlers.');
  onEmptyLoop = () => call.fail(failures().neverSettled('the handler'));
  result.then(() => {
    if (current === call && !stream.writableEnded) onEmptyLoop = () => stream.end();
  }, (error) => call.fail(error));
}

// An error that no one caught: it is the current call's error, and the process is of no use any more.
function fatal(error, title, code) {
  if (!handler) return initFailed(error);
  if (current) return current.fail(error, () => process.exit(code), title);
  failures().log(title, error);
  if (api.waiting && api.waiting.request !== api.nextRequest) dying = code;
  else process.exit(code);
}

function initFailed(error) {
  if (dying !== null) return;
  dying = 1;
  onEmptyLoop = null;
  const body = failures().ofInit(error, env._HANDLER || '', root);
  const type = body.errorType.replace(/[^!-~]/g, '_');
  api.post('init/error', JSON.stringify(body), () => process.exit(1), `Lambda-Runtime-Function-Error-Type: ${type}\r\n`);
}

function main() {
  patchConsole();
  setGlobals();
  process.on('beforeExit', () => {
    const act = onEmptyLoop;
    onEmptyLoop = null;
    if (act) act();
  });
  process.on('uncaughtException', (error) => fatal(error, 'Uncaught Exception', 129));
  process.on('unhandledRejection', (reason) => fatal(failures().unhandledRejection(reason), 'Unhandled Promise Rejection', 128));
  api.open();
  api.hold(false);
  onEmptyLoop = () => initFailed(failures().neverSettled('a top-level await'));
  findHandler(env._HANDLER || '').then((found) => {
    if (dying !== null) return;
    handler = found;
    onEmptyLoop = null;
    tellOfOldSdk();
    api.next(invoke);
  }, (error) => initFailed(failures().ofLoading(error)));
}

main();
