const m = require(process.argv[2]);
if (m('\na\n') !== 'a') process.exit(2);
console.log('ok');
