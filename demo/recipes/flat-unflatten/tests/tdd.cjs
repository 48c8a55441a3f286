// flat's own test file is written for mocha's "tdd" interface. Node's runner offers `test`, but
// hands it its context before the callback. A suite is run as what it holds: the runner would print
// a mark for the suite itself, and it would be counted as one more test.
const runner = require('node:test');

globalThis.suite = (_name, body) => body();
globalThis.test = (name, body) =>
  runner.test(name, body.length === 0 ? body : (_context, done) => body(done));
