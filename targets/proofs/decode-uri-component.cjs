const m = require(process.argv[2]);
let r = false;
try {
  m('%ea%ba%5a%ba');
} catch {
  r = true;
}
console.log(r ? 'VULNERABLE' : 'ok');
process.exit(r ? 1 : 0);
