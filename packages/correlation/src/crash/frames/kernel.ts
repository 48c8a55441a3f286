import { filteredFrame } from '../state-line.ts';
import type { FrameLine } from './frame-line.ts';

/** `[<c0667574>] (msm_vidc_prepare_buf+0xa0/0x124)`: of two addresses the last stands before it. */
export function readAddressedKernelFrame(line: string): FrameLine | null {
  const open = line.indexOf('(');
  const at = line.lastIndexOf('[<', open === -1 ? line.length : open);
  if (at === -1) return null;
  const found = /^\[<[x0-9a-fA-F]{1,20}>\]\s{1,16}/.exec(line.slice(at, at + 100));
  return found === null ? null : readKernelFrame(line.slice(at + found[0].length));
}

/** `(msm_vidc_prepare_buf+0xa0/0x124)` at the beginning of the line. */
export function readKernelFrame(line: string): FrameLine | null {
  const name = /^\(?(\w{1,300})\+\w{1,32}\/\w{1,32}/.exec(line.slice(0, 500))?.[1];
  if (name === undefined) return null;
  return { parts: { function: name }, text: name, label: filteredFrame(name) };
}

/** Trusty: `uSP+0000a8: 0x00000000deadbeef in name`. */
export function readTrustyFrame(line: string): FrameLine | null {
  const found = /^uSP\+[a-zA-Z0-9]{6}: 0x[a-fA-F0-9]{16} in (\w{1,300})/.exec(line.slice(0, 400));
  const name = found?.[1];
  if (name === undefined) return null;
  return { parts: { function: name }, text: name, label: filteredFrame(name) };
}
