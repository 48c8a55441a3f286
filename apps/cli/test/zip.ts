import { crc32 } from 'node:zlib';

/** One file in a zip; what is claimed about it may be a lie. */
export interface Zipped {
  readonly name: string;
  readonly data: string | Uint8Array;
  /** Claimed checksum. */
  readonly crc?: number;
  /** Claimed size. */
  readonly size?: number;
}

/** A zip file (APPNOTE 6.3) of stored entries. */
export function zipOf(files: readonly Zipped[]): Uint8Array {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data, crc, size } of files) {
    const bytes = Buffer.from(data);
    const fixed = Buffer.alloc(26);
    fixed.writeUInt16LE(20, 0);
    fixed.writeUInt32LE(crc ?? crc32(bytes), 10);
    fixed.writeUInt32LE(size ?? bytes.length, 14);
    fixed.writeUInt32LE(size ?? bytes.length, 18);
    fixed.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fixed, Buffer.from(name), bytes]);
    const entry = Buffer.alloc(14);
    entry.writeUInt32LE(offset, 10);
    directory.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), fixed, entry, Buffer.from(name)]),
    );
    bodies.push(local);
    offset += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, listed, end]);
}
