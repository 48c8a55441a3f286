// flat's own test file is written for mocha's "tdd" interface; Node's runner offers the same two
const { suite, test } = require('node:test');

globalThis.suite = suite;
globalThis.test = test;
