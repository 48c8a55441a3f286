const m = require(process.argv[2]);
if (m('%C3%A4%20b') !== 'ä b') process.exit(2);
console.log('ok');
