const m = require(process.argv[2]);
if (!m('Tue, 01 Nov 2016 01:23:45 +0000', m.RFC_2822).isValid()) process.exit(2);
console.log('ok');
