const m = require(process.argv[2]);
const r = m.isPublic('0x7f.1');
console.log(r ? 'VULNERABLE' : 'ok');
process.exit(r ? 1 : 0);
