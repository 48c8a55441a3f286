const m = require(process.argv[2]);
const { root } = m.parse('syntax = "proto3"; message A { string b = 1; }');
if (root.lookupType('A').fields.b.id !== 1) process.exit(2);
console.log('ok');
