const m = require(process.argv[2]);
if (m.posix('/a/b.c').ext !== '.c') process.exit(2);
console.log('ok');
