const m = require(process.argv[2]);
if (m.util.setPath) m.util.setPath({}, ['__proto__', 'polluted'], true);
const r = {}.polluted;
console.log(r ? 'VULNERABLE' : 'ok');
process.exit(r ? 1 : 0);
