import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';

/** A record as tests write it; an address is an A or an AAAA record by its form. */
export interface Records {
  readonly txt?: readonly (readonly string[])[];
  readonly addresses?: readonly string[];
}

/** A name server on loopback that knows what a test tells it, and nothing else. */
export interface NameServer extends AsyncDisposable {
  /** `address:port`, as the setting takes it. */
  readonly address: string;
  /** Every question that came, `TYPE name`. */
  readonly asked: readonly string[];
  /**
   * What a name means from now on. With several, each question of one type takes the next, and the
   * last one stays. null: no answer is given at all.
   */
  set(name: string, ...answers: readonly (Records | null)[]): void;
}

const types: Readonly<Record<number, string>> = { 1: 'A', 16: 'TXT', 28: 'AAAA' };

/** Starts one at a port of its own (RFC 1035, over UDP alone). */
export async function startNameServer(): Promise<NameServer> {
  const zone = new Map<string, readonly (Records | null)[]>();
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (message, from) => {
    const { name, type, end } = questionOf(message);
    const before = asked.filter((each) => each === `${type} ${name}`).length;
    asked.push(`${type} ${name}`);
    const answers = zone.get(name.toLowerCase());
    const now = answers?.[Math.min(before, answers.length - 1)];
    if (now === null) return;
    const data = now === undefined ? [] : dataOf(now, type);
    // RFC 1035, 4.1.1: an answer with authority; 3 says that there is no such name.
    const head = Buffer.alloc(12);
    message.copy(head, 0, 0, 2);
    head.writeUInt16BE(now === undefined ? 0x8583 : 0x8580, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(data.length, 6);
    socket.send(
      Buffer.concat([head, message.subarray(12, end), ...data.map((each) => record(type, each))]),
      from.port,
      from.address,
    );
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    set: (name, ...answers) => void zone.set(name, answers),
    [Symbol.asyncDispose]: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function questionOf(message: Buffer) {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const type = types[message.readUInt16BE(at + 1)] ?? 'OTHER';
  return { name: labels.join('.'), type, end: at + 5 };
}

function dataOf({ txt = [], addresses = [] }: Records, type: string): readonly Buffer[] {
  if (type === 'TXT') {
    return txt.map((strings) =>
      Buffer.concat(
        strings.map((text) => Buffer.from(`${String.fromCharCode(text.length)}${text}`, 'latin1')),
      ),
    );
  }
  if (type === 'A') {
    return addresses.filter((a) => !isIPv6(a)).map((a) => Buffer.from(a.split('.').map(Number)));
  }
  return type === 'AAAA' ? addresses.filter((a) => isIPv6(a)).map(bytesOfIpv6) : [];
}

function bytesOfIpv6(address: string): Buffer {
  const [head = '', tail = ''] = address.split('::');
  const groups = (text: string) => text.split(':').filter((group) => group !== '');
  const [before, after] = [groups(head), groups(tail)];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return Buffer.from(
    [...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join(''),
    'hex',
  );
}

function record(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  // RFC 1035, 4.1.4: the name is the one that was asked for.
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(Number(Object.keys(types).find((key) => types[Number(key)] === type)), 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(0, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}
