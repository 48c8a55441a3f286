// Says ava's words with Node's own runner.
const assert = require('node:assert/strict');
const runner = require('node:test');

const words = {
  is: assert.equal,
  deepEqual: assert.deepEqual,
  true: (got) => assert.equal(got, true),
  false: (got) => assert.equal(got, false),
  throws: (work) => assert.throws(work),
};
module.exports = (name, work) => runner.test(name, () => work(words));
