const m = require(process.argv[2]);
if (m({}, 'a.b', 1).a.b !== 1) process.exit(2);
console.log('ok');
