const m = require(process.argv[2]);
m.defaultsDeep({}, JSON.parse('{"constructor":{"prototype":{"polluted":"yes"}}}'));
const r = {}.polluted;
console.log(r ? 'VULNERABLE' : 'ok');
process.exit(r ? 1 : 0);
