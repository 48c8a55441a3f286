const m = require(process.argv[2]);
const u = new m('\bhttps://evil.com');
const r = u.hostname !== 'evil.com';
console.log(u.hostname, r ? 'VULNERABLE' : 'ok');
process.exit(r ? 1 : 0);
