// Says the few words of jest that these tests use with Node's own runner.
const assert = require('node:assert/strict');
const runner = require('node:test');

globalThis.describe = runner.describe;
globalThis.it = runner.it;
globalThis.test = runner.it;
globalThis.beforeEach = runner.beforeEach;
globalThis.afterEach = runner.afterEach;

const matches = (value, wanted) =>
  wanted instanceof RegExp ? wanted.test(value) : String(value).includes(wanted);
const words = {
  toBe: (got, wanted) => assert.equal(got, wanted),
  // jest compares no prototypes here
  toEqual: (got, wanted) =>
    assert.ok(
      require('node:util').isDeepStrictEqual(plain(got), plain(wanted)),
      `${JSON.stringify(got)} is not ${JSON.stringify(wanted)}`,
    ),
  toMatch: (got, wanted) => assert.ok(matches(got, wanted)),
  toThrow: (work, wanted) =>
    assert.throws(work, (error) => wanted === undefined || matches(error.message, wanted)),
  toBeDefined: (got) => assert.notEqual(got, undefined),
  toBeTruthy: (got) => assert.ok(got),
  toBeFalsy: (got) => assert.ok(!got),
};
const plain = (value) => (value === undefined ? undefined : structuredClone(value));
const negated =
  (word) =>
  (...args) =>
    assert.throws(() => word(...args));

globalThis.expect = (got) => {
  const say = (change) =>
    Object.fromEntries(
      Object.entries(words).map(([name, word]) => [name, (...args) => change(word)(got, ...args)]),
    );
  return { ...say((word) => word), not: say(negated) };
};
