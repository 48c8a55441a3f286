// flat's own test file is written for mocha's "tdd" interface. Node's runner offers the same two
// words, but hands a test its context before the callback.
const runner = require('node:test');

globalThis.suite = runner.suite;
globalThis.test = (name, body) =>
  runner.test(name, body.length === 0 ? body : (_context, done) => body(done));
