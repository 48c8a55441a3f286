import { createServer } from 'node:http';
import { openBeside } from './engines.ts';

// What the server is compared with: Node's own HTTP and one trivial query, in a process of its own.
const [name, dataDirectory = '', url = ''] = process.argv.slice(2);
const database = openBeside({
  name: name === 'PGlite' ? 'PGlite' : 'PostgreSQL',
  dataDirectory,
  databaseUrl: url === '' ? null : url,
});
const server = createServer((_, answer) => {
  database.raw('select 1 as one').then(
    ({ rows }) => answer.end(JSON.stringify(rows)),
    (error: unknown) => answer.writeHead(500).end(String(error)),
  );
});
server.listen(0, '127.0.0.1', () => {
  const bound = server.address();
  process.send?.(typeof bound === 'object' ? bound?.port : null);
});
process.on('disconnect', () => process.exit(0));
