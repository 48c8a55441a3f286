const m = require(process.argv[2]);
const t = process.hrtime.bigint();
m.posix(`${'/'.repeat(60000)}◎`);
const ms = Number(process.hrtime.bigint() - t) / 1e6;
console.log(`${ms.toFixed(0)} ms ${ms > 300 ? 'VULNERABLE' : 'ok'}`);
process.exit(ms > 300 ? 1 : 0);
