'use strict';
// What the Node.js runtime client says when a function fails: AWS Lambda's payloads and log lines, and one line of help.

const { isNativeError } = require('util').types;

function fault(type, message) {
  const error = new Error(message);
  error.name = type;
  error.stack = `${type}: ${message}`;
  error.isFault = true;
  return error;
}

function unhandledRejection(reason) {
  const error = fault('Runtime.UnhandledPromiseRejection', String(reason));
  error.reason = reason;
  if (reason && reason.stack) error.stack += `\n    caused by ${reason.stack}`;
  return error;
}

function neverSettled(what) {
  return fault('Runtime.NodejsExit', `The event loop is empty, but the promise of ${what} was never settled`);
}

// An error thrown while the function's code was loaded, as Lambda names it.
function ofLoading(error) {
  if (!error || error.isFault) return error;
  let type = null;
  if (error instanceof SyntaxError || error.name === 'SyntaxError') type = 'Runtime.UserCodeSyntaxError';
  if (error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_MODULE_NOT_FOUND') type = 'Runtime.ImportModuleError';
  if (!type) return error;
  const named = fault(type, `${error.name}: ${error.message}`);
  named.stack = error.stack ? `${type}: ${error.stack}` : named.stack;
  named.cause = error;
  return named;
}

function stackLines(error) {
  return String(error.stack || '').split('\n').filter((line) => !line.includes(__dirname) && !line.includes('node:internal/'));
}

function payload(error) {
  if (isNativeError(error) || (error && error.name && error.message !== undefined && error.stack)) {
    return { errorType: String(error.name), errorMessage: String(error.message), trace: stackLines(error) };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

function log(title, error) {
  const said = payload(error);
  const more = error && typeof error === 'object' && !error.isFault ? { ...error } : {};
  const body = { errorType: said.errorType, errorMessage: said.errorMessage, ...more, stack: said.trace };
  let text;
  try {
    text = JSON.stringify(body);
  } catch {
    text = JSON.stringify({ errorType: said.errorType, errorMessage: said.errorMessage, stack: said.trace });
  }
  console.error(`${title} \t${text}`);
}

function ofInit(error, handler, root) {
  log('Uncaught Exception', error);
  const body = payload(error);
  const help = helpFor(error, body.errorType, handler, root);
  if (help) process.stderr.write(`coldframe: ${help}\n`);
  return body;
}

function helpFor(error, type, handler, root) {
  if (type === 'Runtime.MalformedHandlerName') return `the handler '${handler}' should be of the form file.function, for example index.handler`;
  if (type === 'Runtime.HandlerNotFound') return `the code was loaded from ${root}; export the function or correct the handler in coldframe.json`;
  if (type !== 'Runtime.ImportModuleError') return null;
  const found = /Cannot find (?:module|package) '([^']+)'/.exec(error.message);
  if (!found) return null;
  const name = found[1];
  if (/^[./]/.test(name)) return `there is no file ${name}; correct the import in the function's code`;
  if (`${handler}.`.startsWith(`${name}.`)) return `there is no file ${name}.js, .mjs or .cjs in ${root}; correct the handler or the code folder in coldframe.json`;
  const parts = name.split('/');
  const pack = name.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
  return `module '${pack}' is not installed for ${process.execPath} (Node ${process.versions.node}); install it with: cd ${quoted(root)} && npm install ${pack}`;
}

function quoted(path) {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replace(/'/g, `'"'"'`)}'`;
}

module.exports = { fault, unhandledRejection, neverSettled, ofLoading, ofInit, payload, log };
