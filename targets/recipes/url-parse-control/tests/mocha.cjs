// Says mocha's words with Node's own runner.
const runner = require('node:test');

const self = { timeout: () => self, slow: () => self, retries: () => self };
const asNode = (work) => {
  if (work === undefined) return () => {};
  return work.length === 0 ? () => work.call(self) : (_context, done) => void work.call(self, done);
};
const withSkip = (add) => Object.assign(add, { skip: () => {}, only: add });

globalThis.describe = withSkip((name, work) => runner.describe(name, () => work.call(self)));
globalThis.context = globalThis.describe;
globalThis.it = withSkip((name, work) => runner.it(name, asNode(work)));
globalThis.test = globalThis.it;
globalThis.before = (work) => runner.before(asNode(work));
globalThis.after = (work) => runner.after(asNode(work));
globalThis.beforeEach = (work) => runner.beforeEach(asNode(work));
globalThis.afterEach = (work) => runner.afterEach(asNode(work));
