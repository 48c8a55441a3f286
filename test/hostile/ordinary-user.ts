/** Run by ordinary-user.test.ts under another user: opens the sandbox and tells what it got. */
import { openSandbox } from '../../apps/runner/src/sandbox/bubblewrap.ts';
import { shell } from '../../apps/runner/src/sandbox/sandbox.conformance.ts';

const sandbox = await openSandbox({ slots: 1 });
const { tier, reason } = sandbox.capabilities;
if (tier === 'refuse') {
  console.log(JSON.stringify({ tier, reason }));
  process.exit();
}
try {
  const looked = await sandbox.run(shell('id -u; cat /etc/shadow; ls /root; cat <&7'));
  const bomb = 'my @a; push @a, "x" x (1 << 20) while 1';
  const bombed = await sandbox.run(shell('', { argv: ['/usr/bin/perl', '-e', bomb] }));
  const output = Buffer.from(looked.stdout).toString('utf8');
  const { denied } = looked.evidence.network;
  console.log(
    JSON.stringify({ uid: process.getuid?.(), tier, output, denied, bombed: bombed.ending.kind }),
  );
} finally {
  await sandbox.close();
}
