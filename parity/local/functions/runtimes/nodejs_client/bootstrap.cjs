'use strict';

// Runs a function's handler behind the Lambda Runtime API, as Lambda's Node.js runtimes do.
// Run as `node bootstrap.cjs HANDLER VERSION`, where VERSION is the declared runtime's, such as 22.

const { finished } = require('node:stream/promises');

const api = require('./runtime_api.cjs');
const { RuntimeError, UnhandledPromiseRejection, payload } = require('./errors.cjs');
const { loadHandler, STREAMING } = require('./handler.cjs');
const log = require('./log.cjs');
const { ResponseStream, awslambda } = require('./stream.cjs');
const { confineImport, confineRequire, stopCallsToAws } = require('./surroundings.cjs');

const [handlerName, declared] = process.argv.slice(2);
const version = Number(declared);
let current; // the id of the invocation, undefined while the handler is loaded
let onIdle = () => {}; // what to do when nothing is left to wait for

async function main() {
  log.patchConsole();
  process.on('uncaughtException', (error) => end('Uncaught Exception', error, 129));
  process.on('unhandledRejection', (reason, promise) => {
    end('Unhandled Promise Rejection', new UnhandledPromiseRejection(reason, promise), 128);
  });
  process.on('beforeExit', () => {
    const idle = onIdle;
    onIdle = () => {};
    idle();
  });
  confineRequire();
  confineImport();
  stopCallsToAws();
  if (!['1', 'true'].includes(process.env.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA)) {
    globalThis.awslambda = awslambda;
  }
  process.argv.length = 2;
  const handler = await loadHandler(process.env.LAMBDA_TASK_ROOT, handlerName, version);
  for (;;) {
    await handleNext(handler);
  }
}

/** Reports an error that no handler caught, and ends the process. */
async function end(what, error, status) {
  log.logError(what, error);
  try {
    await api.fail(current, payload(error));
  } finally {
    process.exit(status);
  }
}

/** Waits for an event, and for the handler's answer to it. */
async function handleNext(handler) {
  const { headers, body } = await api.next();
  current = headers['lambda-runtime-aws-request-id'];
  log.setRequestId(current);
  process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'] ?? '';
  if (handler[STREAMING]) {
    await stream(handler, body, headers);
    return;
  }
  const answer = await answered(handler, body, headers);
  onIdle = () => {};
  if (answer.failed) {
    log.logError('Invoke Error', answer.error);
    await api.fail(current, payload(answer.error));
  } else {
    await api.respond(current, answer.body, answer.contentType);
  }
}

/** Runs a handler that returns, or calls back; resolves to its answer, never rejects. */
function answered(handler, body, headers) {
  return new Promise((resolve) => {
    let finished = false;
    const once = (finish) => (...values) => {
      if (!finished) {
        finished = true;
        finish(...values);
      }
    };
    const succeed = (result) => resolve(serialized(result));
    const fail = (error) => resolve({ failed: true, error: error ?? 'handled' });
    const context = contextOf(headers);
    let waits = true;
    const callback = once((error, result) => {
      if (error !== undefined && error !== null) {
        fail(error);
      } else if (waits) {
        onIdle = () => succeed(result); // what the handler began is finished first
      } else {
        succeed(result);
      }
    });
    if (version < 24) {
      Object.defineProperty(context, 'callbackWaitsForEmptyEventLoop', {
        get: () => waits,
        set: (value) => (waits = value),
        enumerable: true,
      });
      Object.assign(context, {
        succeed: once(succeed),
        fail: once(fail),
        done: once((error, result) => (error === undefined || error === null ? succeed(result) : fail(error))),
      });
    }
    onIdle = () => (handler.constructor?.name === 'AsyncFunction' ? fail(neverSettled()) : succeed(null));
    try {
      const result = handler(JSON.parse(body.toString()), context, callback);
      if (typeof result?.then === 'function') {
        result.then(once(succeed), once(fail));
      } else if (version >= 24) {
        once(succeed)(result);
      }
    } catch (error) {
      once(fail)(error);
    }
  });
}

function serialized(result) {
  try {
    return { body: JSON.stringify(result === undefined ? null : result) ?? 'null' };
  } catch {
    return { failed: true, error: new Error('Unable to stringify response body') };
  }
}

function neverSettled() {
  return new RuntimeError(
    'NodeJsExit',
    'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. ' +
      'For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes',
  );
}

/** Runs a handler that streams, and sends what it writes as it comes. */
async function stream(handler, body, headers) {
  const written = new ResponseStream((contentType) => api.openResponse(current, contentType));
  try {
    const result = handler(JSON.parse(body.toString()), written, contextOf(headers));
    if (typeof result?.then !== 'function') {
      throw 'Streaming does not support non-async handlers.';
    }
    await result;
    if (!written.writableEnded) {
      throw 'Response stream is not finished.';
    }
    await finished(written);
  } catch (error) {
    log.logError('Invoke Error', error);
    await (written.response ? written.response.end(payload(error)) : api.fail(current, payload(error)));
    return;
  }
  await written.opened().end();
}

/** The context object: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
function contextOf(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  const parsed = (name) => (headers[name] ? JSON.parse(headers[name]) : undefined);
  return {
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: parsed('lambda-runtime-client-context'),
    identity: parsed('lambda-runtime-cognito-identity'),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

main().catch((error) => end('Uncaught Exception', error, 1));
