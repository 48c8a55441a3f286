'use strict';
class Record {
  constructor(fields) { this.fields = fields; }
  field(at) { return this.fields[at].length; }
}
const parse = (at) => new Record(['a']).field(at);
const deep = (n) => deep(n + 1) + 1;
const hoard = () => { const all = []; for (;;) all.push(new Array(100000).fill({})); };
const how = process.argv[2];
if (how === 't') parse(3);
if (how === 'o') deep(0);
if (how === 'm') hoard();
if (how === 'r') (async () => { await null; parse(4); })();
