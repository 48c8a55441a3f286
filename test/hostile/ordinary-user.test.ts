import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, closeSync, constants, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
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
  const command = ['setpriv', ...user, '--no-new-privs', process.execPath, script];
  expect(await tellOf(command)).toEqual({
    uid: Number(UID),
    tier: expect.stringMatching(/^(reduced|standard)$/),
    output: '65534\n',
    denied: true,
    bombed: 'out-of-memory',
  });
});

it.skipIf(!isRoot || !readable)('refuses in plain words without user namespaces', async () => {
  const script = new URL('./ordinary-user.ts', import.meta.url).pathname;
  const forbid = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"';
  const told = await tellOf([
    ...['setpriv', '--reuid', UID, '--regid', UID, '--clear-groups', '--inh-caps', '-all', '--'],
    // the number is this namespace's own, and the host's stays as it is
    ...['unshare', '--user', '--map-current-user', '--keep-caps', 'sh', '-c', forbid, 'sh'],
    ...['setpriv', '--ambient-caps', '-all', '--inh-caps', '-all', process.execPath, script],
  ]);
  expect(told).toMatchObject({
    tier: 'refuse',
    reason: expect.stringMatching(/^this host does not let an ordinary user make user namespaces/),
  });
});

it.skipIf(!isRoot || !readable)('refuses as root that may not become another user', async () => {
  const script = new URL('./ordinary-user.ts', import.meta.url).pathname;
  const less = ['--bounding-set', '-setuid,-setgid', '--inh-caps', '-all', '--clear-groups', '--'];
  const told = await tellOf(['setpriv', ...less, process.execPath, script]);
  expect(told).toMatchObject({ tier: 'refuse', reason: expect.stringContaining('CAP_SETUID') });
});

it('passes on no descriptor that whoever started us left open', async () => {
  const script = new URL('./ordinary-user.ts', import.meta.url).pathname;
  const told = await tellOf([process.execPath, script]);
  expect(told).toMatchObject({ output: '65534\n', bombed: 'out-of-memory' });
});

/** Runs a command with a file of the host open as descriptor 7, and reads the JSON it prints. */
async function tellOf([program = '', ...rest]: string[]): Promise<unknown> {
  const open = openSync('/etc/passwd', 'r');
  const env = { PATH: process.env['PATH'] ?? '', TMPDIR: '/tmp' };
  const nothing = ['ignore', 'ignore', 'ignore'] as const;
  const child = spawn(program, rest, {
    env,
    stdio: ['ignore', 'pipe', 'ignore', 'ignore', ...nothing, open],
  });
  closeSync(open);
  if (child.stdout === null) throw new Error('a pipe was asked for');
  const [printed] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return JSON.parse(printed);
}
