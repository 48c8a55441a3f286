import { z } from 'zod';
import { uriPattern } from '../uri/uri.ts';

/**
 * What a CNA says of a vulnerability: the container of the CVE Record Format 5.1, as far as it is
 * written here, with the lengths and patterns of its schema.
 */

const text = (max: number) => z.string().min(1).max(max);
const Uri = z.string().max(2048).regex(uriPattern);
const English = z.strictObject({ lang: z.literal('en'), value: text(4096) });
const Uuid = z
  .string()
  .regex(/^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-4[0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}$/);

const Version = z.strictObject({
  version: text(1024),
  status: z.literal('affected'),
  lessThan: text(1024).optional(),
  lessThanOrEqual: text(1024).optional(),
  versionType: text(128).optional(),
});

const Affected = z
  .strictObject({
    vendor: text(512).optional(),
    product: text(2048).optional(),
    collectionURL: Uri.optional(),
    packageName: text(2048).optional(),
    platforms: z.array(text(1024)).min(1).optional(),
    defaultStatus: z.literal('unaffected'),
    versions: z.array(Version).min(1),
  })
  .refine(
    (of) =>
      (of.vendor !== undefined && of.product !== undefined) ||
      (of.collectionURL !== undefined && of.packageName !== undefined),
    'expected a vendor and a product, or a collection and a package',
  );

const Score = z.strictObject({
  version: z.string(),
  vectorString: z.string(),
  baseScore: z.number().min(0).max(10),
  baseSeverity: z.enum(['NONE', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL']).optional(),
});

/** The organization a container comes from, as the CVE Program registered it. */
export const Provider = z.strictObject({ orgId: Uuid, shortName: text(32).min(2).optional() });
export type Provider = z.infer<typeof Provider>;

export const CnaContainer = z.strictObject({
  providerMetadata: Provider.optional(),
  title: text(256),
  datePublic: z.iso.datetime({ offset: true }),
  descriptions: z.array(English).min(1),
  affected: z.array(Affected).min(1),
  problemTypes: z
    .array(
      z.strictObject({
        descriptions: z
          .array(
            z.strictObject({
              lang: z.literal('en'),
              cweId: z.string().regex(/^CWE-[1-9][0-9]{0,4}$/),
              description: text(4096),
              type: z.literal('CWE'),
            }),
          )
          .min(1),
      }),
    )
    .min(1)
    .optional(),
  references: z
    .array(z.strictObject({ url: Uri, tags: z.array(z.string()).min(1).optional() }))
    .min(1)
    .max(512),
  metrics: z
    .array(
      z.strictObject({
        format: z.literal('CVSS'),
        scenarios: z.array(English),
        cvssV2_0: Score.optional(),
        cvssV3_0: Score.optional(),
        cvssV3_1: Score.optional(),
        cvssV4_0: Score.optional(),
      }),
    )
    .min(1)
    .optional(),
  solutions: z.array(English).min(1),
  workarounds: z.array(English).min(1).optional(),
  timeline: z
    .array(
      z.strictObject({
        time: z.iso.datetime({ offset: true }),
        lang: z.literal('en'),
        value: text(4096),
      }),
    )
    .min(1),
  credits: z
    .array(z.strictObject({ lang: z.literal('en'), value: text(4096), type: z.literal('finder') }))
    .min(1)
    .optional(),
  source: z.strictObject({ advisory: z.string(), discovery: z.literal('UNKNOWN') }),
  x_breakwater: z.strictObject({
    /** Other names than CVE's, which the format has no member for. */
    aliases: z.array(z.string()),
    /** Where the text was longer than the format lets it be. */
    shortened: z.boolean(),
  }),
});
export type CnaContainer = z.infer<typeof CnaContainer>;

/** A published record: the container under an id that its CNA assigned. */
export interface CveRecord {
  readonly dataType: 'CVE_RECORD';
  readonly dataVersion: '5.1.1';
  readonly cveMetadata: {
    readonly cveId: string;
    readonly assignerOrgId: string;
    readonly assignerShortName?: string;
    readonly state: 'PUBLISHED';
  };
  readonly containers: { readonly cna: CnaContainer };
}
