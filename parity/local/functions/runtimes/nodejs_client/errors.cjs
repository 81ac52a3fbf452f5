'use strict';

// Errors as Lambda's Node.js runtimes name and write them: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html

const { types } = require('node:util');

/** An error of the runtime itself; `type` is its name without `Runtime.`. */
class RuntimeError extends Error {
  constructor(type, message, cause) {
    super(message);
    this.name = `Runtime.${type}`;
    if (cause && cause.stack) {
      this.stack = cause.stack;
    }
  }
}

/** A promise that was rejected, and nobody handled it. */
class UnhandledPromiseRejection extends Error {
  constructor(reason, promise) {
    super(reason);
    this.reason = reason;
    this.promise = promise;
  }
}
UnhandledPromiseRejection.prototype.name = 'Runtime.UnhandledPromiseRejection';

/** What an invocation that failed gives back, for whatever was thrown. */
function payload(error) {
  try {
    if (types.isNativeError(error) || looksLikeError(error)) {
      return { errorType: error.name, errorMessage: error.message, trace: error.stack.split('\n') };
    }
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  } catch {
    return {
      errorType: 'handled',
      errorMessage:
        'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
    };
  }
}

function looksLikeError(value) {
  return Boolean(value) && ['name', 'message', 'stack'].every((name) => value[name] && typeof value[name] === 'string');
}

/** The error in the log, on one line: with its own properties, and its stack as a list. */
function logged(error) {
  const thrown = error instanceof Error ? error : new Error(error);
  try {
    return `\t${JSON.stringify(thrown, (_, value) => (value instanceof Error ? withProperties(value) : value))}`;
  } catch {
    return `\t${JSON.stringify(payload(thrown))}`;
  }
}

function withProperties(error) {
  const all = { errorType: error.name, errorMessage: error.message, code: error.code, ...error };
  return typeof error.stack === 'string' ? { ...all, stack: error.stack.split('\n') } : all;
}

module.exports = { RuntimeError, UnhandledPromiseRejection, payload, logged };
