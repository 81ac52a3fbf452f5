'use strict';

// What a function finds: packages in its code and its layers, and the AWS SDK for JavaScript v3 as the runtimes have it;
// nothing that is installed in the folders around its code, and no host of AWS.
// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-package.html

const dns = require('node:dns');
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { fileURLToPath, pathToFileURL } = require('node:url');

const SDK = /^@(aws-sdk|smithy)\//;
const AWS_HOST = /\.(amazonaws\.com(\.cn)?|api\.aws)$/;
const root = fs.realpathSync(process.env.LAMBDA_TASK_ROOT);
// Absent in a function's environment on AWS: where the SDK may be installed. Taken away before the function runs.
const sdkFolders = (process.env.PARITY_NODEJS_SDK ?? '').split(path.delimiter).filter(Boolean);
delete process.env.PARITY_NODEJS_SDK;

const isInside = (folder) => folder === root || folder.startsWith(root + path.sep);

function packageName(specifier) {
  return specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

/** Keeps `require` from the `node_modules` above the code. */
function confineRequire() {
  const nodeModulePaths = Module._nodeModulePaths;
  Module._nodeModulePaths = (from) => nodeModulePaths(from).filter((folder) => !isInside(from) || isInside(folder));
  const resolveFilename = Module._resolveFilename;
  Module._resolveFilename = function (name, ...rest) {
    try {
      return resolveFilename.call(this, name, ...rest);
    } catch (error) {
      const found = error.code === 'MODULE_NOT_FOUND' && SDK.test(name) ? sdkFolderOf(name) : undefined;
      if (!found) {
        throw error;
      }
      return resolveFilename.call(this, name, rest[0], rest[1], { paths: [found] });
    }
  };
}

function sdkFolderOf(name) {
  return sdkFolders.find((folder) => fs.existsSync(path.join(folder, 'node_modules', packageName(name))));
}

/** Where an `import` of a package leads: undefined for as usual, a URL to resolve it from, or an error. */
function redirectedImport(specifier, parentURL) {
  if (!parentURL?.startsWith('file:') || /^([./#]|[a-z][a-z0-9+.-]*:)/i.test(specifier) || Module.isBuiltin(specifier)) {
    return undefined;
  }
  const parent = fileURLToPath(parentURL);
  if (!isInside(path.dirname(parent))) {
    return undefined;
  }
  const name = packageName(specifier);
  for (let folder = path.dirname(parent); isInside(folder); folder = path.dirname(folder)) {
    if (fs.existsSync(path.join(folder, 'node_modules', name)) || ownName(folder) === name) {
      return undefined;
    }
  }
  const sdk = SDK.test(specifier) ? sdkFolderOf(specifier) : undefined;
  if (sdk) {
    return pathToFileURL(path.join(sdk, 'index.js')).href;
  }
  const error = new Error(`Cannot find package '${name}' imported from ${parent}`);
  error.code = 'ERR_MODULE_NOT_FOUND';
  throw error;
}

function ownName(folder) {
  try {
    return JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')).name;
  } catch {
    return undefined;
  }
}

/** Keeps `import` from the `node_modules` above the code. */
function confineImport() {
  if (Module.registerHooks) {
    Module.registerHooks({
      resolve(specifier, context, nextResolve) {
        const parentURL = context.conditions?.includes('import') ? redirectedImport(specifier, context.parentURL) : undefined;
        return nextResolve(specifier, parentURL ? { ...context, parentURL } : context);
      },
    });
  } else if (Module.register) {
    // Before Node.js 22.15 the hooks run in a thread, and are a module of their own.
    process.env.PARITY_NODEJS_SDK = sdkFolders.join(path.delimiter);
    Module.register(pathToFileURL(path.join(__dirname, 'import_hooks.mjs')));
    delete process.env.PARITY_NODEJS_SDK;
  }
}

/** Keeps the process from looking up AWS's hosts, unless one is given as an endpoint. */
function stopCallsToAws() {
  const urls = Object.entries(process.env).filter(([name]) => name.startsWith('AWS_ENDPOINT_URL'));
  const allowed = new Set(urls.map(([, url]) => URL.parse?.(url)?.hostname ?? url.replace(/^\w+:\/\/([^/:]+).*$/, '$1')));
  const lookup = dns.lookup;
  dns.lookup = function (host, ...rest) {
    const name = String(host).toLowerCase().replace(/\.$/, '');
    if (!AWS_HOST.test(name) || allowed.has(name)) {
      return lookup.call(this, host, ...rest);
    }
    const message = `a call to ${name} was stopped: nothing here calls AWS unless it is given as an endpoint`;
    process.stderr.write(`${message}\n`);
    const error = Object.assign(new Error(message), { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: host });
    process.nextTick(rest.at(-1), error);
    return {};
  };
  Module.syncBuiltinESMExports();
}

module.exports = { confineRequire, confineImport, stopCallsToAws, redirectedImport };
