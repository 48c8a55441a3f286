const m = require(process.argv[2]);
const s = m.quote([':`:`x``:`']);
const r = /(^|[^\\])`/.test(s);
console.log(s, r ? 'VULNERABLE' : 'ok');
process.exit(r ? 1 : 0);
