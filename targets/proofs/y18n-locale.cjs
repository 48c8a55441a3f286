const m = require(process.argv[2]);
const y = m();
y.setLocale('__proto__');
y.updateLocale({ polluted: true });
const r = {}.polluted;
console.log(r ? 'VULNERABLE' : 'ok');
process.exit(r ? 1 : 0);
