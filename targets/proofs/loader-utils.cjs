const m = require(process.argv[2]);
const o = m.parseQuery('?__proto__=x');
const _q = m.parseQuery('?{"a":1}');
const r = Object.getPrototypeOf(o) !== null;
console.log(r ? 'VULNERABLE' : 'ok');
process.exit(r ? 1 : 0);
