// The words of the "tap" package that ini's own tests use, said with Node's runner. As in tap,
// "equal" is strict and "deepEqual" compares leaves with ==.
const assert = require('node:assert');
const runner = require('node:test');

exports.test = (name, body) =>
  runner.test(name, (_context, done) => {
    body({
      equal: assert.strictEqual,
      notEqual: assert.notStrictEqual,
      deepEqual: assert.deepEqual,
      end: () => done(),
    });
  });
