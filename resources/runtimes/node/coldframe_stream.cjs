'use strict';
// Response streaming: what `awslambda.streamifyResponse` handlers write goes out as chunks of one POST.

const { Writable } = require('stream');

const ERROR_TYPE = 'Lambda-Runtime-Function-Error-Type';
const ERROR_BODY = 'Lambda-Runtime-Function-Error-Body';

class ResponseStream extends Writable {
  constructor(api, call, ended, afterwards) {
    super({ highWaterMark: 65536 });
    // no property may be called `then`: the stream would pass for a promise
    Object.assign(this, { api, call, ended, afterwards, begun: false, contentType: 'application/octet-stream', prelude: null });
    this.on('error', (error) => call.fail(error)); // destroyed by the function
    this.on('close', () => {
      if (!this.writableFinished && !this.broken && !this.errored) call.fail(new Error('The response stream was destroyed'));
    });
  }

  setContentType(type) {
    if (this.begun) throw new Error('Cannot set content-type, too late.');
    this.contentType = String(type).replace(/[^ -~]/g, '');
  }

  write(chunk, encoding, done) {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) return super.write(JSON.stringify(chunk), encoding, done);
    return super.write(chunk, encoding, done);
  }

  begin() {
    if (this.begun) return;
    this.begun = true;
    const { api } = this;
    api.send(null, () => this.next(), 1);
    api.hold(false); // a stream that nobody ends must not keep the process waiting
    api.socket.write(`POST /2018-06-01/runtime/invocation/${this.call.id}/response HTTP/1.1\r\nHost: ${api.address}\r\n` +
      `Content-Type: ${this.contentType}\r\nLambda-Runtime-Function-Response-Mode: streaming\r\n` +
      `Transfer-Encoding: chunked\r\nTrailer: ${ERROR_TYPE}, ${ERROR_BODY}\r\n\r\n`);
    if (this.prelude) this.chunk(this.prelude);
  }

  // The server's answer to the whole POST; one that comes before the end closes the stream.
  next() {
    if (!this.writableEnded && !this.broken) {
      this.broken = true;
      this.ended();
      this.api.drop();
    }
    this.afterwards();
  }

  chunk(bytes, done) {
    const { socket } = this.api;
    if (!socket || this.broken) return done && done();
    socket.cork();
    socket.write(`${bytes.length.toString(16)}\r\n`);
    socket.write(bytes);
    socket.write('\r\n', () => done && done());
    socket.uncork();
  }

  _write(bytes, encoding, done) {
    this.begin();
    if (bytes.length === 0) return done();
    this.chunk(bytes, done);
  }

  _final(done) {
    if (this.broken) return done();
    this.begin();
    if (!this.ended()) this.last('0\r\n\r\n');
    done();
  }

  last(text) {
    if (!this.api.socket) return;
    this.api.hold(true);
    this.api.socket.write(text);
  }

  breakOff(error, afterwards) {
    const { payload } = require('./coldframe_failures.cjs');
    const body = payload(error);
    this.broken = true;
    this.afterwards = afterwards;
    if (!this.api.socket) return afterwards();
    this.last(`0\r\n${ERROR_TYPE}: ${body.errorType.replace(/[^!-~]/g, '_')}\r\n` +
      `${ERROR_BODY}: ${Buffer.from(JSON.stringify(body)).toString('base64')}\r\n\r\n`);
  }
}

function responseStream(api, call, ended, afterwards) {
  return new ResponseStream(api, call, ended, afterwards);
}

// awslambda.HttpResponseStream.from: status, headers and cookies as JSON and eight NUL bytes before the body.
function withPrelude(stream, prelude) {
  stream.setContentType('application/vnd.awslambda.http-integration-response');
  stream.prelude = Buffer.concat([Buffer.from(JSON.stringify(prelude)), Buffer.alloc(8)]);
  return stream;
}

module.exports = { responseStream, withPrelude };
