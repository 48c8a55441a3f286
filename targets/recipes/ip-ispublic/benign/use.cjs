const m = require(process.argv[2]);
if (!m.isPublic('8.8.8.8') || m.isPublic('127.0.0.1')) process.exit(2);
console.log('ok');
