'use strict';

// The console of a function: each call is one event with its time, request and level, or one JSON object.
// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html

const { format } = require('node:util');
const { logged } = require('./errors.cjs');

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const asJson = (process.env.AWS_LAMBDA_LOG_FORMAT ?? '').toUpperCase() === 'JSON';
const lowest = Math.max(0, LEVELS.indexOf((process.env.AWS_LAMBDA_LOG_LEVEL ?? '').toUpperCase()));
const write = process.stdout.write.bind(process.stdout);
let requestId;

/** Takes the request that the events from now on belong to. */
function setRequestId(id) {
  requestId = id;
}

/** Gives the console's methods Lambda's form. */
function patchConsole() {
  for (const [name, level] of Object.entries({ trace: 'TRACE', debug: 'DEBUG', info: 'INFO', warn: 'WARN', error: 'ERROR', fatal: 'FATAL' })) {
    console[name] = LEVELS.indexOf(level) < lowest && name !== 'fatal' ? () => {} : (...values) => emit(level, values);
  }
  console.log = console.info;
}

function emit(level, values) {
  const time = new Date().toISOString();
  const line = asJson ? jsonLine(time, level, values) : `${time}\t${requestId}\t${level}\t${format(...values)}`;
  write(`${line.replace(/\n/g, '\r')}\n`); // a carriage return keeps the lines of one event together
}

function jsonLine(timestamp, level, values) {
  const event = { timestamp, level, requestId };
  if (values.length === 1) {
    try {
      return JSON.stringify({ ...event, message: values[0] }, (_, value) => (value instanceof Error ? errorFields(value) : value));
    } catch {
      return JSON.stringify({ ...event, message: format(values[0]) });
    }
  }
  const error = values.find((value) => value instanceof Error);
  return JSON.stringify({ ...event, message: format(...values), ...(error ? errorFields(error) : {}) });
}

function errorFields(error) {
  const stackTrace = typeof error.stack === 'string' ? error.stack.split('\n') : error.stack;
  return { errorType: error.constructor?.name ?? 'UnknownError', errorMessage: error.message, stackTrace, ...error };
}

/** Writes an error that the runtime reports; `what` is such as `Invoke Error`. */
function logError(what, error) {
  if (asJson) {
    console.error(error instanceof Error ? error : new Error(error));
  } else {
    console.error(what, logged(error));
  }
}

module.exports = { setRequestId, patchConsole, logError };
