import { ok, type Result, refuse } from '@breakwater/kernel';
import { z } from 'zod';
import { readCsv } from './csv.ts';

/** One row of CISA's Known Exploited Vulnerabilities catalog; dates are days, `2025-08-25`. */
export interface KevEntry {
  readonly cve: string;
  readonly vendor: string;
  readonly product: string;
  readonly name: string;
  readonly dateAdded: string;
  readonly dueDate: string;
  readonly requiredAction: string;
  /** Whether ransomware campaigns are known to use it; false also means not known. */
  readonly knownRansomware: boolean;
  readonly cwes: readonly string[];
}

export interface KevCatalog {
  /** `2025.08.25`; null in the CSV form, which does not carry it. */
  readonly version: string | null;
  /** When the catalog was released, RFC 3339; null in the CSV form. */
  readonly released: string | null;
  readonly entries: ReadonlyMap<string, KevEntry>;
}

export type KevCode = 'kev-malformed' | 'kev-too-large';

/** The catalog had 1,404 entries and 1.3 MB in 2025; ten times that is no catalog. */
export const kevLimits = { charactersMax: 32_000_000, entriesMax: 20_000 } as const;
/** CISA's has eleven; every row costs as many cells as the header has. */
const columnsMax = 50;

const Day = z.iso.date();
const Text = z.string().max(10_000);

/** CISA's known_exploited_vulnerabilities_schema.json; other members are ignored. */
const Row = z.object({
  cveID: z.string().regex(/^CVE-[0-9]{4}-[0-9]{4,19}$/),
  vendorProject: Text,
  product: Text,
  vulnerabilityName: Text,
  dateAdded: Day,
  requiredAction: Text,
  dueDate: Day,
  knownRansomwareCampaignUse: Text.default('Unknown'),
  cwes: z.array(z.string().max(40)).max(100).default([]),
});

const Catalog = z.object({
  catalogVersion: z.string().max(100),
  dateReleased: z.iso.datetime({ offset: true }),
  count: z.int(),
  vulnerabilities: z.array(z.unknown()),
});

/** Parses the catalog in CISA's JSON form; its own count must agree. */
export function parseKevJson(text: string): Result<KevCatalog, KevCode> {
  if (text.length > kevLimits.charactersMax) return tooLarge('characters', text.length);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return malformed('JSON', 'text that is not');
  }
  const catalog = Catalog.safeParse(json);
  if (!catalog.success) return malformed("the catalog's members", issueOf(catalog.error));
  const { catalogVersion, dateReleased, count, vulnerabilities } = catalog.data;
  if (count !== vulnerabilities.length) {
    return malformed(`${count} entries as the file counts`, `${vulnerabilities.length}`);
  }
  const entries = entriesOf(vulnerabilities);
  if (!entries.ok) return entries;
  return ok({ version: catalogVersion, released: dateReleased, entries: entries.value });
}

/** Parses the catalog in CISA's CSV form, with a header; columns may come in any order. */
export function parseKevCsv(text: string): Result<KevCatalog, KevCode> {
  if (text.length > kevLimits.charactersMax) return tooLarge('characters', text.length);
  const records = readCsv(text, kevLimits.entriesMax + 1);
  if (records === null)
    return malformed('CSV as RFC 4180 has it', 'an open quote or too many rows');
  const [header, ...rows] = records;
  if (header === undefined || !header.includes('cveID')) {
    return malformed('a header with cveID', 'none');
  }
  if (header.length > columnsMax) {
    return malformed(`a header of at most ${columnsMax} columns`, `${header.length}`);
  }
  const objects = rows.map((row) => {
    const cells = Object.fromEntries(header.map((name, i) => [name, row[i]]));
    const cwes = (cells['cwes'] ?? '').split(',').map((cwe) => cwe.trim());
    return { ...cells, cwes: cwes.filter((cwe) => cwe !== '') };
  });
  const entries = entriesOf(objects);
  return entries.ok ? ok({ version: null, released: null, entries: entries.value }) : entries;
}

function entriesOf(rows: readonly unknown[]): Result<ReadonlyMap<string, KevEntry>, KevCode> {
  if (rows.length > kevLimits.entriesMax) return tooLarge('entries', rows.length);
  const entries = new Map<string, KevEntry>();
  for (const [index, given] of rows.entries()) {
    const row = Row.safeParse(given);
    if (!row.success) return malformed(`entry ${index} as CISA's schema`, issueOf(row.error));
    const { data } = row;
    if (entries.has(data.cveID)) return malformed('each CVE once', `${data.cveID} twice`);
    entries.set(data.cveID, {
      cve: data.cveID,
      vendor: data.vendorProject,
      product: data.product,
      name: data.vulnerabilityName,
      dateAdded: data.dateAdded,
      dueDate: data.dueDate,
      requiredAction: data.requiredAction,
      knownRansomware: data.knownRansomwareCampaignUse.trim().toLowerCase() === 'known',
      cwes: data.cwes,
    });
  }
  return ok(entries);
}

function issueOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? 'something else' : `${issue.path.join('.')}: ${issue.message}`;
}

function tooLarge(unit: 'characters' | 'entries', got: number): Result<never, KevCode> {
  const max = unit === 'entries' ? kevLimits.entriesMax : kevLimits.charactersMax;
  return refuse({
    code: 'kev-too-large',
    expected: `at most ${max} ${unit}`,
    got: `${got} ${unit}`,
    todo: 'fetch the catalog again from cisa.gov/kev',
  });
}

function malformed(expected: string, got: string): Result<never, KevCode> {
  const todo = 'fetch the catalog again from cisa.gov/kev';
  return refuse({ code: 'kev-malformed', expected, got, todo });
}
