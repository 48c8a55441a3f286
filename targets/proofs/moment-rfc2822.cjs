const m = require(process.argv[2]);
m.suppressDeprecationWarnings = true;
const t = process.hrtime.bigint();
m('('.repeat(60000), m.RFC_2822);
const ms = Number(process.hrtime.bigint() - t) / 1e6;
console.log(`${ms.toFixed(0)} ms ${ms > 300 ? 'VULNERABLE' : 'ok'}`);
process.exit(ms > 300 ? 1 : 0);
