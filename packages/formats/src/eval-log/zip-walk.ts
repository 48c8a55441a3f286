import { evalLogLimits as limits } from './limits.ts';
import { type LogSource, readExactly } from './source.ts';
import { type Directory, type Member, signatures, tooMany, viewOf } from './zip-directory.ts';
import { memberName } from './zip-names.ts';

/**
 * Finds the members of a file that was cut off before its directory was written, by their local
 * headers one behind the other (APPNOTE 4.3.7). A writer that does not know sizes beforehand leaves
 * them out there (bit 3): such a file cannot be walked.
 *
 * Out: every member that is whole by its size; the last may still be damaged, which its check sum
 * tells whoever reads it.
 */
export async function walkMembers(source: LogSource): Promise<Directory> {
  const members = new Map<string, Member>();
  let at = 0;
  for (let count = 1; at + 30 <= source.size; count += 1) {
    if (count > limits.membersMax) throw tooMany(count);
    const member = await readLocal(source, at);
    if (member === null) break;
    // In the order of the file: one of an earlier name comes last as well.
    members.delete(member.name);
    members.set(member.name, member);
    at = member.end;
  }
  return { members, start: at };
}

async function readLocal(
  source: LogSource,
  offset: number,
): Promise<(Member & { end: number }) | null> {
  const view = viewOf(await readExactly(source, offset, offset + 30));
  if (view.getUint32(0, true) !== signatures.local) return null;
  const flags = view.getUint16(6, true);
  const packedBytes = view.getUint32(18, true);
  const bytes = view.getUint32(22, true);
  const nameLength = view.getUint16(26, true);
  const extraLength = view.getUint16(28, true);
  const nameEnd = offset + 30 + nameLength;
  const dataStart = nameEnd + extraLength;
  if ((flags & 0x20_49) !== 0 || dataStart > source.size) return null;
  const rest = await readExactly(source, offset + 30, dataStart);
  const name = memberName(rest.subarray(0, nameLength));
  const sizes = localSizes(viewOf(rest.subarray(nameLength)), { packedBytes, bytes });
  if (sizes === null || dataStart + sizes.packedBytes > source.size) return null;
  const method = view.getUint16(8, true);
  const crc32 = view.getUint32(14, true);
  const end = dataStart + sizes.packedBytes;
  return { name, method, crc32, offset, end, ...sizes };
}

/** A local header in 64 bits carries both sizes in its first extra field (APPNOTE 4.5.3). */
function localSizes(
  extra: DataView,
  given: { packedBytes: number; bytes: number },
): { packedBytes: number; bytes: number } | null {
  const full = 0xff_ff_ff_ff;
  if (given.packedBytes !== full && given.bytes !== full) return given;
  if (extra.byteLength < 20 || extra.getUint16(0, true) !== 1) return null;
  if (extra.getUint32(8, true) > 0x1f_ff_ff || extra.getUint32(16, true) > 0x1f_ff_ff) return null;
  return {
    bytes: Number(extra.getBigUint64(4, true)),
    packedBytes: Number(extra.getBigUint64(12, true)),
  };
}
