const m = require(process.argv[2]);
try {
  m.util.setProperty({}, 'constructor.prototype.polluted', 'yes');
} catch {}
try {
  m.parse('option(a).constructor.prototype.polluted = "yes";');
} catch {}
const r = {}.polluted;
console.log(r ? 'VULNERABLE' : 'ok');
process.exit(r ? 1 : 0);
