const { unflatten } = require(process.argv[2]);
const { a } = unflatten({ 'a.b.c': 1, 'a.d': [2] });
console.log(a.b.c === 1 && a.d[0] === 2 ? 'ok' : 'wrong');
