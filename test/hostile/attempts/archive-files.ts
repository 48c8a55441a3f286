import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What the archive says of its length; default the truth. */
  readonly saysLength?: number;
  /** The kind and mode of a file on unix; default an ordinary one. */
  readonly mode?: number;
  /** Has no bytes of its own and points to those of the first. */
  readonly shares?: boolean;
}

/** A zip archive (PKWARE APPNOTE 6.3), as honest as its entries. */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  const made = new Map<Uint8Array, { packed: Buffer; sum: number }>();
  let at = 0;
  for (const [index, entry] of entries.entries()) {
    const shared = entry.shares === true && index > 0;
    const name = Buffer.from(shared ? (entries[0]?.name ?? '') : entry.name);
    const { packed, sum } = made.get(entry.bytes) ?? {
      packed: deflateRawSync(entry.bytes),
      sum: crc32(entry.bytes),
    };
    made.set(entry.bytes, { packed, sum });
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(sum, 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(entry.saysLength ?? entry.bytes.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const offset = shared ? 0 : at;
    if (!shared) {
      const body = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, name, packed]);
      bodies.push(body);
      at += body.length;
    }
    directory.push(centralOf(entry, fields, offset));
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...bodies, central, end]);
}

function centralOf({ name, mode }: ZipEntry, fields: Buffer, offset: number): Buffer {
  const own = Buffer.from(name);
  const head = Buffer.alloc(46);
  head.write('PK\x01\x02', 0, 'latin1');
  head.writeUInt16LE(0x0314, 4);
  fields.copy(head, 6);
  head.writeUInt16LE(own.length, 28);
  head.writeUInt32LE(((mode ?? 0o100644) << 16) >>> 0, 38);
  head.writeUInt32LE(offset, 42);
  return Buffer.concat([head, own]);
}

export interface TarEntry {
  readonly name: string;
  /** POSIX.1-2001 ustar typeflag: 0 a file, 1 a hard link, 2 a link, 3 and 4 devices. */
  readonly kind: '0' | '1' | '2' | '3';
  readonly link?: string;
  readonly text?: string;
  readonly mode?: string;
}

/** A tar archive without any of the care that ours take. */
export function tarWith(entries: readonly TarEntry[]): Buffer {
  const parts = entries.flatMap(({ name, kind, link = '', text = '', mode = '0000644' }) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(`${mode}\0`, 100);
    header.write('0000000\0', 108);
    header.write('0000000\0', 116);
    header.write(`${text.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('00000000000\0', 136);
    header.write('        ', 148);
    header.write(kind, 156);
    header.write(link, 157);
    header.write('ustar\x0000', 257);
    header.write('0000001\0', 329);
    header.write('0000003\0', 337);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    const body = Buffer.alloc(Math.ceil(text.length / 512) * 512);
    body.write(text);
    return [header, body];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}
