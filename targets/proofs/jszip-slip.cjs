const m = require(process.argv[2]);
const z = new m();
z.file('aaaaaaaa', 'pwn');
z.generateAsync({ type: 'nodebuffer' })
  .then((b) =>
    m.loadAsync(Buffer.from(b.toString('latin1').replace(/aaaaaaaa/g, '../pwned'), 'latin1')),
  )
  .then((y) => {
    const n = Object.keys(y.files);
    const r = n.some((x) => x.includes('..'));
    console.log(n, r ? 'VULNERABLE' : 'ok');
    process.exit(r ? 1 : 0);
  });
