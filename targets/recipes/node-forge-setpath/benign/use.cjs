const m = require(process.argv[2]);
if (m.util.bytesToHex('a') !== '61') process.exit(2);
console.log('ok');
