const m = require(process.argv[2]);
if (!m.marked('# a\n\n[b]: /c "d"\n\n[b]').includes('href="/c"')) process.exit(2);
console.log('ok');
