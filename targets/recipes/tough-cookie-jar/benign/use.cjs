const m = require(process.argv[2]);
const jar = new m.CookieJar();
jar.setCookieSync('a=b', 'https://example.org/');
if (jar.getCookieStringSync('https://example.org/') !== 'a=b') process.exit(2);
console.log('ok');
