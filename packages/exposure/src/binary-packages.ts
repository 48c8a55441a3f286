import type { OsvAffected, OsvRecord } from '@breakwater/formats/osv';

/**
 * The record that matching uses where inventories name binary packages only (a plain `dpkg -l`
 * does not tell the source): each Debian source package, and beside it the binary packages that
 * its `ecosystem_specific.binaries` lists, with the same ranges. Positions of the entries that
 * were there stay; those of binary packages come after them.
 */
export function withBinaryPackages(record: OsvRecord): OsvRecord {
  const affected = record.affected ?? [];
  const more = affected.flatMap((each) => {
    const { package: source } = each;
    if (source === undefined) return [];
    return binariesOf(each)
      .filter((name) => name !== source.name)
      .map((name) => ({ ...each, package: { ecosystem: source.ecosystem, name } }));
  });
  return { ...record, affected: [...affected, ...more] };
}

function binariesOf(affected: OsvAffected): readonly string[] {
  const binaries = affected.ecosystem_specific?.['binaries'];
  return Array.isArray(binaries) ? binaries.filter((b) => typeof b === 'string') : [];
}
