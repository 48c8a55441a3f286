const m = require(process.argv[2]);
const zlib = require('node:zlib');
m(zlib.gzipSync(Buffer.alloc(1024)), '/tmp/out').then(
  () => console.log('ok'),
  () => process.exit(2),
);
