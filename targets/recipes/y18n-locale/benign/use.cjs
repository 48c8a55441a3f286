const m = require(process.argv[2]);
if (m().__('a %s', 'b') !== 'a b') process.exit(2);
console.log('ok');
