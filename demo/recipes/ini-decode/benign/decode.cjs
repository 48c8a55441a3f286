const ini = require(process.argv[2]);
const { a, section } = ini.parse('a=1\n[section]\nlist[]=x\nlist[]=y\n[section.inner]\nb=true');
const good = a === '1' && section.list.join() === 'x,y' && section.inner.b === true;
console.log(good ? 'ok' : 'wrong');
