const m = require(process.argv[2]);
const t = process.hrtime.bigint();
try {
  new m.Range(`>${' '.repeat(60000)}1`);
} catch {}
try {
  m.validRange(`1.2.3${' '.repeat(50000)}<1.2.4`);
} catch {}
const ms = Number(process.hrtime.bigint() - t) / 1e6;
console.log(`${ms.toFixed(0)} ms ${ms > 300 ? 'VULNERABLE' : 'ok'}`);
process.exit(ms > 300 ? 1 : 0);
