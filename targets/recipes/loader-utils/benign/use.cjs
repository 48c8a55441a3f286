const m = require(process.argv[2]);
if (m.parseQuery('?a=b').a !== 'b') process.exit(2);
console.log('ok');
