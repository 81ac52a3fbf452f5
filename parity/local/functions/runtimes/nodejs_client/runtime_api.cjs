'use strict';

// A client of the Lambda Runtime API: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html

const { Agent, request } = require('node:http'); // a function may replace them in the module; these stay

const address = process.env.AWS_LAMBDA_RUNTIME_API;
const [host, port] = address.split(':');
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** Sends a request; resolves to its status, fields and body. The connection does not keep an idle process alive. */
function call(method, path, body, headers = {}) {
  const data = body === undefined ? undefined : Buffer.from(body);
  const length = data ? { 'Content-Length': data.length } : {};
  const options = { agent, host, port, method, path: `/2018-06-01/runtime/${path}`, headers: { ...headers, ...length } };
  return new Promise((resolve, reject) => {
    const sent = request(options, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(data);
  });
}

/** Waits for the next event. */
const next = () => call('GET', 'invocation/next');

/** Reports what the handler returned: text or bytes. */
async function respond(id, body, contentType = 'application/json') {
  const { status } = await call('POST', `invocation/${id}/response`, body, { 'Content-Type': contentType });
  if (status >= 300) {
    process.exit(1); // as Lambda's own client: a refused response ends the runtime
  }
}

/** Opens the response of a handler that streams: `write` sends a piece, `end` ends it, in an error if one is given. */
function openResponse(id, contentType) {
  const headers = {
    'Content-Type': contentType,
    'Lambda-Runtime-Function-Response-Mode': 'streaming',
    'Transfer-Encoding': 'chunked',
    Trailer: 'Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body',
  };
  const sent = request({ agent, host, port, method: 'POST', path: `/2018-06-01/runtime/invocation/${id}/response`, headers });
  const answered = new Promise((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    });
  });
  answered.catch(() => {}); // whoever ends it is told
  return {
    write: (piece, done) => sent.write(piece, done),
    async end(error) {
      if (error) {
        const body = Buffer.from(JSON.stringify(error)).toString('base64');
        sent.addTrailers({ 'Lambda-Runtime-Function-Error-Type': error.errorType, 'Lambda-Runtime-Function-Error-Body': body });
      }
      sent.end();
      if ((await answered) >= 300) {
        process.exit(1); // as Lambda's own client: a refused response ends the runtime
      }
    },
  };
}

/** Reports that the handler failed, or without an id that it could not be loaded. */
function fail(id, error) {
  const headers = { 'Content-Type': 'application/json', 'Lambda-Runtime-Function-Error-Type': error.errorType };
  return call('POST', id === undefined ? 'init/error' : `invocation/${id}/error`, JSON.stringify(error), headers);
}

module.exports = { next, openResponse, respond, fail };
