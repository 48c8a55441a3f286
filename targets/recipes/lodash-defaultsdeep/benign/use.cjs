const m = require(process.argv[2]);
if (m.defaultsDeep({ a: { b: 1 } }, { a: { c: 2 } }).a.c !== 2) process.exit(2);
console.log('ok');
