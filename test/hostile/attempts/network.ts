import { type Attempt, type AttemptClass, got, scripted } from './attempt.ts';

/** An attempt that counts as made when the host's own door saw somebody. */
function reaching(name: string, script: string): Attempt {
  const plain = scripted(name, script, 'outside');
  return {
    name,
    attack: async (ring) => {
      const before = ring.contacts;
      const outcome = await plain.attack(ring);
      return ring.contacts > before ? got('the host saw it') : outcome;
    },
    control: async (ring) => (typeof plain.control === 'string' ? null : plain.control(ring)),
  };
}

const connects = `verdict(connect($s, $to), "connect: $!");`;

/** Ways out of the sandbox, to this host or to any other. */
export const network: AttemptClass = {
  title: 'Network and exfiltration',
  attempts: [
    reaching(
      'connect to a server of the host',
      `socket my $s, 2, 1, 0 or verdict(0, "socket: $!");
       my $to = pack 'SnNx8', 2, $host{four}, 0x7f000001; ${connects}`,
    ),
    reaching(
      'connect to one by IPv6',
      `socket my $s, 10, 1, 0 or verdict(0, "socket: $!");
       my $to = pack 'SnNa16N', 10, $host{six}, 0, "\\0" x 15 . "\\1", 0; ${connects}`,
    ),
    reaching(
      'send a packet, as to a name server',
      `socket my $s, 2, 2, 0 or verdict(0, "socket: $!");
       my $to = pack 'SnNx8', 2, $host{udp}, 0x7f000001;
       verdict(defined send($s, 'secret', 0, $to), "send: $!");`,
    ),
    reaching(
      'connect to a socket of the host by its path',
      `socket my $s, 1, 1, 0 or verdict(0, "socket: $!");
       my $to = pack 'Sa*', 1, "$host{unix}\\0"; ${connects}`,
    ),
    reaching(
      'connect to one without a path',
      `socket my $s, 1, 1, 0 or verdict(0, "socket: $!");
       my $to = pack 'Sa*', 1, "\\0$host{abstract}"; ${connects}`,
    ),
    scripted(
      'speak to the hypervisor',
      `verdict(socket(my $s, 40, 1, 0), "vsock: $!");`,
      'outside',
    ),
    scripted('ask the kernel for its routes', `verdict(socket(my $s, 16, 3, 0), "$!");`, 'outside'),
    scripted('make raw packets', `verdict(socket(my $s, 17, 3, 0), "packet: $!");`, 'namespace'),
    scripted('reach ciphers of the kernel', `verdict(socket(my $s, 38, 5, 0), "$!");`, 'outside'),
    scripted(
      'find any other family of sockets',
      `for my $f (0, 2 .. 45) { for my $t (1, 2, 3, 5) {
         verdict(1, "family $f type $t") if socket my $s, $f, $t, 0 } } verdict(0, 'none');`,
      'outside',
    ),
    scripted(
      'see the connections of the host',
      `my $lines = slurp('/proc/net/tcp') . slurp('/proc/net/unix');
       verdict(scalar($lines =~ /\\Q$host{unix}\\E/), length($lines) . ' bytes');`,
      'outside',
    ),
    scripted(
      'learn who resolves names here',
      `verdict(slurp('/etc/resolv.conf') ne '', 'nobody');`,
      'outside',
    ),
  ],
};
