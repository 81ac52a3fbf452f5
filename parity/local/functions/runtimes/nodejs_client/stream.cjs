'use strict';

// Handlers that stream their response: https://docs.aws.amazon.com/lambda/latest/dg/config-rs-write-functions.html

const { Writable } = require('node:stream');
const { STREAMING } = require('./handler.cjs');

/** The stream that a streaming handler writes to. `begin` opens the response, of some content type, when it is first written to. */
class ResponseStream extends Writable {
  constructor(begin) {
    super();
    this.begin = begin;
    this.response = undefined;
    this.contentType = 'application/octet-stream';
    this.metadata = undefined; // what is sent before the first piece
  }

  setContentType(contentType) {
    this.contentType = contentType;
  }

  write(chunk, ...rest) {
    const isRaw = typeof chunk === 'string' || chunk instanceof Uint8Array;
    return super.write(isRaw ? chunk : JSON.stringify(chunk), ...rest);
  }

  /** The response, opened if nothing has been written yet. */
  opened() {
    this.response ??= this.begin(this.contentType);
    return this.response;
  }

  _write(chunk, _encoding, done) {
    const response = this.opened();
    if (this.metadata !== undefined) {
      response.write(this.metadata);
      response.write(new Uint8Array(8)); // between the metadata and the body
      this.metadata = undefined;
    }
    response.write(chunk, done);
  }
}

/** What a function finds as the global `awslambda`. */
const awslambda = {
  streamifyResponse(handler) {
    handler[STREAMING] = 'response';
    return handler;
  },
  HttpResponseStream: {
    from(stream, metadata) {
      stream.setContentType('application/vnd.awslambda.http-integration-response');
      stream.metadata = JSON.stringify(metadata);
      return stream;
    },
  },
};

module.exports = { ResponseStream, awslambda };
