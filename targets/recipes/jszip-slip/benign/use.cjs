const m = require(process.argv[2]);
const zip = new m();
zip.file('name.txt', 'content');
zip
  .generateAsync({ type: 'nodebuffer' })
  .then((bytes) => m.loadAsync(bytes))
  .then((read) => console.log(Object.keys(read.files).join() === 'name.txt' ? 'ok' : 'other'));
