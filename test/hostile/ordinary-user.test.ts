import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

/** No such user exists: neither a passwd entry nor a home is needed. */
const UID = '61183';

function everyoneReads(path: string): boolean {
  for (let at = path; at !== '/'; at = dirname(at)) {
    if ((statSync(at).mode & constants.S_IXOTH) === 0) return false;
  }
  accessSync(path);
  return true;
}

const isRoot = process.getuid?.() === 0;
const readable = everyoneReads(import.meta.dirname) && everyoneReads(process.execPath);

// skipped as an ordinary user, since every other test is then this one, and where the checkout or
// Node lies behind a directory only root may enter
it.skipIf(!isRoot || !readable)('holds for an ordinary user, without any right', async () => {
  const script = new URL('./ordinary-user.ts', import.meta.url).pathname;
  const user = ['--reuid', UID, '--regid', UID, '--clear-groups', '--inh-caps', '-all'];
  const command = [...user, '--no-new-privs', process.execPath, script];
  const env = { PATH: process.env['PATH'] ?? '', TMPDIR: '/tmp' };
  const { stdout } = await promisify(execFile)('setpriv', command, { env, timeout: 50_000 });
  const told: unknown = JSON.parse(stdout);
  expect(told).toEqual({
    uid: Number(UID),
    tier: expect.stringMatching(/^(reduced|standard)$/),
    output: '65534\n',
    denied: true,
    bombed: 'out-of-memory',
  });
});
