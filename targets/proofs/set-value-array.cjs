const m = require(process.argv[2]);
try {
  m({}, [['__proto__'], 'polluted'], true);
} catch {}
const r = {}.polluted;
console.log(r ? 'VULNERABLE' : 'ok');
process.exit(r ? 1 : 0);
