'use strict';

// Handlers that stream their response: https://docs.aws.amazon.com/lambda/latest/dg/config-rs-write-functions.html

const { Writable } = require('node:stream');
const { STREAMING } = require('./handler.cjs');

/** The stream that a streaming handler writes to; what is written is one response here. */
class ResponseStream extends Writable {
  constructor() {
    super();
    this.chunks = [];
    this.contentType = 'application/octet-stream';
  }

  setContentType(contentType) {
    this.contentType = contentType;
  }

  _write(chunk, _encoding, done) {
    this.chunks.push(chunk);
    done();
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
      stream.write(JSON.stringify(metadata));
      stream.write(new Uint8Array(8)); // between the metadata and the body
      return stream;
    },
  },
};

module.exports = { ResponseStream, awslambda };
