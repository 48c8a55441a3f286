const m = require(process.argv[2]);
if (new m('https://example.org/a').hostname !== 'example.org') process.exit(2);
console.log('ok');
