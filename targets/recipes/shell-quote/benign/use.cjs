const m = require(process.argv[2]);
if (m.quote(['a', 'b c']) !== "a 'b c'") process.exit(2);
console.log('ok');
