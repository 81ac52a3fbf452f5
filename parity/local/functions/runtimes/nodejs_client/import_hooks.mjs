// The hooks of `import` for Node.js before 22.15, where they run in a thread of their own.

import surroundings from './surroundings.cjs';

export async function resolve(specifier, context, nextResolve) {
  const parentURL = surroundings.redirectedImport(specifier, context.parentURL);
  return nextResolve(specifier, parentURL ? { ...context, parentURL } : context);
}
