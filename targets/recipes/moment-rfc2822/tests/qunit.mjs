// Says QUnit's words with Node's own runner, and lets moment's tests find the release they test.
import assert from 'node:assert';
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

const release = pathToFileURL(`${process.cwd()}/moment.js`).href;
registerHooks({
  resolve(specifier, context, next) {
    if (!specifier.startsWith('.')) return next(specifier, context);
    const url = new URL(`${specifier}.js`, context.parentURL);
    if (url.pathname.endsWith('/src/moment.js')) return next(release, context);
    return existsSync(fileURLToPath(url)) ? next(url.href, context) : next(specifier, context);
  },
});

const words = {
  expect: () => {},
  ok: (got, note) => assert.ok(got, note),
  notOk: (got, note) => assert.ok(!got, note),
  equal: (got, wanted, note) => assert.equal(got, wanted, note),
  notEqual: (got, wanted, note) => assert.notEqual(got, wanted, note),
  strictEqual: (got, wanted, note) => assert.strictEqual(got, wanted, note),
  deepEqual: (got, wanted, note) => assert.deepEqual(got, wanted, note),
  throws: (work, _wanted, note) => assert.throws(work, undefined, note),
};

let module = { name: '', hooks: {} };
globalThis.QUnit = {
  module: (name, hooks = {}) => {
    module = { name, hooks };
  },
  test: (name, work) => {
    const { hooks, name: of } = module;
    void test(`${of}: ${name}`, () => {
      hooks.beforeEach?.call({ test: { expected: null } });
      try {
        work(words);
      } finally {
        hooks.afterEach?.call({ test: { expected: null } });
      }
    });
  },
};
