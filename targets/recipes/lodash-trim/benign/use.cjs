const m = require(process.argv[2]);
if (m.trim('  a  ') !== 'a') process.exit(2);
console.log('ok');
