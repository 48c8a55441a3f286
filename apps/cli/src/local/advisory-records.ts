import { osvOfCsaf, parseCsaf } from '@breakwater/formats/csaf';
import { osvOfCve, parseCve } from '@breakwater/formats/cve';
import { detectFormat } from '@breakwater/formats/detect';
import { conform, type OsvRecord, osvLimits, parseOsv } from '@breakwater/formats/osv';
import { ok, type Refusal, type Result, refuse } from '@breakwater/kernel';

export interface ReadRecord {
  readonly where: string;
  readonly result: Result<OsvRecord>;
}

/**
 * The advisories in a file: an OSV record or a list of them, a CSAF document or a CVE record.
 *
 * Products that the last two name in words alone come as refusals beside the records: of these
 * nobody knows whether they are in an inventory.
 */
export function advisoriesIn(bytes: Uint8Array, where: string): readonly ReadRecord[] {
  const { format, isList, words } = detectFormat(bytes);
  if (isList) return listIn(bytes, where);
  if (format === 'csaf') {
    const document = parseCsaf(bytes);
    if (!document.ok) return [{ where, result: document }];
    const { records, notes } = osvOfCsaf(document.value);
    return [...records.map((record) => ({ where, result: ok(record) })), ...unheld(notes, where)];
  }
  if (format === 'cve') {
    const advisory = parseCve(bytes);
    if (!advisory.ok) return [{ where, result: advisory }];
    const { record, notes } = osvOfCve(advisory.value);
    return [{ where, result: ok(record) }, ...unheld(notes, where)];
  }
  const isOsv = format === 'osv' || format === 'json';
  return [{ where, result: isOsv ? parseOsv(bytes) : refuse(noAdvisory(words)) }];
}

function listIn(bytes: Uint8Array, where: string): readonly ReadRecord[] {
  let list: unknown;
  try {
    list = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return [{ where, result: refuse(noJson) }];
  }
  if (!Array.isArray(list)) throw new Error('a JSON text that begins with [ is a list');
  return list.map((each: unknown, i) => ({ where: `${where} /${i}`, result: conform(each) }));
}

function unheld(notes: readonly string[], where: string): readonly ReadRecord[] {
  return notes.map((note) => ({
    where,
    result: refuse({
      code: 'product-unnamed',
      expected: 'each product with a package URL and its versions',
      got: note,
      todo: 'compare these products by hand, or get the advisory in OSV form',
    }),
  }));
}

const noJson: Refusal = {
  code: 'json-malformed',
  expected: `OSV records as JSON in UTF-8, at most ${osvLimits.bytesMax} bytes each`,
  got: 'text that is not JSON',
  todo: 'get the file again',
};

function noAdvisory(words: string): Refusal {
  return {
    code: 'format-unknown',
    expected: 'an OSV record, a CSAF document or a CVE record',
    got: words,
    todo: 'give advisories in one of these forms',
  };
}
