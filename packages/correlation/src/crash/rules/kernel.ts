import type { Report } from '../report.ts';
import { addressAt, after, afterLast, capitalized, type Rule, type Said } from './rule.ts';

const noKasan = (report: Report) => !report.survey.kasan;
const failure = (what: string) => ({ type: `Kernel failure ${what.slice(0, 100)}` });
const hyphened = (text: string) => capitalized(text.replaceAll(' ', '-'));

/** Linux and Android kernels; KASAN's report says more than the kernel's own. */
export const kernelRules: readonly Rule[] = [
  {
    tool: 'kernel',
    words: ['Internal error: '],
    when: noKasan,
    read: (line) => {
      const code = /Internal error: (?:Oops)?(?: -|:) (BUG|[0-9a-fA-F]{1,16})/.exec(line)?.[1];
      return code === undefined ? null : { ...failure(faultOf(code)), anew: true };
    },
  },
  {
    tool: 'kernel',
    words: ['^Kernel panic - not syncing: '],
    when: noKasan,
    read: (line) => ({
      ...failure(after(line, 'not syncing: ').replaceAll(' ', '-')),
      anew: true,
    }),
  },
  {
    tool: 'kernel',
    words: ['^kernel BUG at '],
    read: (line) => failure(hyphened(after(line, 'kernel BUG at '))),
  },
  { tool: 'KASAN', words: ['^BUG: KASAN: '], read: accessFault },
  { tool: 'KASAN', words: ['^KASAN: ', ' range ['], read: rangeFault },
  {
    tool: 'KASAN',
    words: ['^general protection fault:', 'KASAN'],
    says: failure('General-protection-fault'),
  },
  { tool: 'KASAN', words: [' of size '], when: failed, read: accessSize },
];

function failed(report: Report): boolean {
  return report.type.startsWith('Kernel failure');
}

/** `BUG: KASAN: use-after-free in f+0x1/0x2 at addr ffff`, or without the address. */
function accessFault(line: string): Said | null {
  const said = after(line, 'BUG: KASAN: ');
  const stop = Math.max(said.lastIndexOf(' in'), said.lastIndexOf(' on'));
  if (stop === -1) return null;
  const place = said.slice(stop);
  const address = ['addr ', 'address ']
    .map((word) => /^[a-f0-9]{1,32}/.exec(afterLast(place, word))?.[0])
    .find((each) => each !== undefined);
  const inFunction = /\s\w{1,200}\+\w{1,32}\/\w{1,32}/.test(place.slice(0, 1_000));
  if (address === undefined && !inFunction) return null;
  const type = failure(hyphened(said.slice(0, stop)));
  return address === undefined ? type : { ...type, address: `0x${address}` };
}

/** `KASAN: null-ptr-deref in range [0x0-0x7]`. */
function rangeFault(line: string): Said | null {
  const said = after(line, 'KASAN: ');
  const found = /^([^[\]]{1,200}?) (?:in|on) range \[([a-z0-9]{1,32})-[a-z0-9]{1,32}\]/.exec(said);
  if (found === null) return null;
  return { ...failure(hyphened(found[1] ?? '')), address: found[2] ?? '' };
}

function accessSize(line: string, report: Report): Said | null {
  const found = /^(Read|Write) of size (\d{1,10})/.exec(line);
  if (found === null || report.type.length > 100) return null;
  report.type += ` ${found[1]?.toUpperCase()} ${found[2]}`;
  const where = /^ at addr(?:ess)? ([a-f0-9]{1,32})/.exec(line.slice(found[0].length))?.[1];
  return where === undefined || report.address !== '' ? null : { address: `0x${where}` };
}

/** Meaning of the last four bits of an ARM fault status. */
const faults: Readonly<Record<number, string>> = {
  1: 'Alignment Fault',
  3: 'Access Flag Fault, Section',
  4: 'Instruction Cache Maintenance Fault',
  5: 'Translation Fault, Section',
  6: 'Access Flag Fault, Page',
  7: 'Translation Fault, Page',
  9: 'Domain Fault, Section',
  11: 'Domain Fault, Page',
  12: 'L1 Translation',
  13: 'Permission Fault, Section',
  14: 'L2 Translation',
  15: 'Permissions Fault, Page',
};

/** Bit 11 of an ARM fault status says that it was a write. */
function faultOf(code: string): string {
  const number = Number.parseInt(code, 16);
  if (code === 'BUG' || Number.isNaN(number)) return 'BUG';
  const write = Math.floor(number / 0x800) % 2 === 1;
  return `${write ? 'WRITE' : 'READ'} ${faults[number % 16] ?? 'Unknown'} (${number})`;
}

/** The address of the first frame of an Android kernel's stack. */
export function kernelAddress(line: string): string {
  return addressAt(afterLast(line.split('(', 1)[0] ?? '', '[<'));
}
