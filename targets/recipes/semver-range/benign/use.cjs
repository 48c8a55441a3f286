const m = require(process.argv[2]);
if (!m.satisfies('1.2.3', '^1.0.0')) process.exit(2);
console.log('ok');
