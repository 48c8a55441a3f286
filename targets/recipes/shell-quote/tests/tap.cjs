// Says tap's and tape's words with Node's own assertions: what a package's tests use of them.
const assert = require('node:assert');
const runner = require('node:test');

const same = (got, wanted, note) => assert.deepEqual(got, wanted, note);
const words = {
  plan: () => {},
  end: () => {},
  pass: () => {},
  comment: () => {},
  fail: (note) => assert.fail(note),
  ok: (got, note) => assert.ok(got, note),
  notOk: (got, note) => assert.ok(!got, note),
  equal: (got, wanted, note) => assert.strictEqual(got, wanted, note),
  not: (got, wanted, note) => assert.notStrictEqual(got, wanted, note),
  same,
  strictSame: (got, wanted, note) => assert.deepStrictEqual(got, wanted, note),
  deepEqual: same,
  match: (got, wanted) => {
    if (wanted instanceof RegExp) assert.match(String(got), wanted);
    else for (const [name, value] of Object.entries(wanted)) words.match(got[name], value);
  },
  throws: (work, wanted) => {
    if (typeof wanted !== 'object' || wanted instanceof RegExp) return assert.throws(work);
    return assert.throws(work, (error) =>
      wanted.message === undefined ? true : String(error.message).includes(String(wanted.message)),
    );
  },
  doesNotThrow: (work) => assert.doesNotThrow(work),
};
words.true = words.ok;
words.false = words.notOk;
words.strictEqual = words.equal;
words.equals = words.equal;
words.is = words.equal;
words.isNot = words.not;

function test(name, ...rest) {
  const work = rest.find((part) => typeof part === 'function');
  return runner.test(name, async (context) => {
    const inner = [];
    const t = {
      ...words,
      test: (title, ...more) => {
        const part = more.find((one) => typeof one === 'function');
        const run = context.test(title, () => part({ ...t, ...words }));
        inner.push(run);
        return run;
      },
    };
    await work(t);
    await Promise.all(inner);
  });
}
module.exports = Object.assign(test, { test, ...words });
