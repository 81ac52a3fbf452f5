'use strict';

// Finds a function's handler: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html

const fs = require('node:fs');
const path = require('node:path');
const { RuntimeError } = require('./errors.cjs');

const CALLBACK_REMOVED =
  'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function ' +
  'to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.';
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

/**
 * The handler that `name` names, `folder/module.nested.function`.
 * `version` is the major version of the declared runtime: from 24 on there are no callbacks.
 */
async function loadHandler(root, name, version) {
  if (name.includes('..')) {
    throw new RuntimeError('MalformedHandlerName', `'${name}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`);
  }
  const base = path.basename(name);
  const parts = /^([^.]*)\.(.*)$/.exec(base);
  if (!parts) {
    throw new RuntimeError('MalformedHandlerName', 'Bad handler');
  }
  const module = await loadModule(root, name.slice(0, name.indexOf(base)), parts[1], version);
  const find = (from) => parts[2].split('.').reduce((found, key) => found?.[key], from);
  const handler = find(module) ?? (version >= 24 ? find(module?.default) : undefined);
  if (!handler) {
    throw new RuntimeError('HandlerNotFound', `${name} is undefined or not exported`);
  }
  if (typeof handler !== 'function') {
    throw new RuntimeError('HandlerNotFound', `${name} is not a function`);
  }
  if (version >= 24 && handler.length >= 3 && !handler[STREAMING]) {
    throw new RuntimeError('CallbackHandlerDeprecated', CALLBACK_REMOVED);
  }
  return handler;
}

async function loadModule(root, folder, module, version) {
  const file = path.resolve(root, folder, module);
  try {
    const found = ['', '.js', '.mjs', '.cjs', ...(version >= 24 ? ['.ts', '.mts', '.cts'] : [])]
      .map((extension) => file + extension)
      .find((candidate) => fs.existsSync(candidate) && fs.statSync(candidate).isFile());
    if (found) {
      return isEsModule(found) ? await import(found) : require(found);
    }
    return require(require.resolve(module, { paths: [root, path.join(root, folder)] }));
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new RuntimeError('UserCodeSyntaxError', String(error), error);
    }
    if (error?.code === 'MODULE_NOT_FOUND') {
      throw new RuntimeError('ImportModuleError', String(error));
    }
    throw error;
  }
}

/** Whether a file is an ES module: by its extension, else by the nearest package.json. */
function isEsModule(file) {
  if (/\.m[jt]s$/.test(file)) {
    return true;
  }
  if (!/\.[jt]s$/.test(file)) {
    return false;
  }
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'package.json');
    if (fs.existsSync(manifest)) {
      try {
        return JSON.parse(fs.readFileSync(manifest, 'utf8')).type === 'module';
      } catch {
        return false;
      }
    }
    if (folder === process.env.LAMBDA_TASK_ROOT || folder === path.dirname(folder)) {
      return false;
    }
  }
}

module.exports = { loadHandler, STREAMING };
