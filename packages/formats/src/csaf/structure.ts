import { z } from 'zod';
import { uriPattern } from '../uri/uri.ts';
import { parseMoment } from './moment.ts';
import { cpePattern, languagePattern, versionPattern } from './patterns.ts';

/**
 * The shape of a CSAF 2.0 document (csaf-v2.0, section 3 and its JSON schema), said again in our
 * own words: every member, type, length and pattern the schema asserts. Unknown members pass, as
 * the schema lets them. The CVSS objects are looked into by test 6.1.8.
 */

const Text = z.string().min(1);

const Uri = z.string().regex(uriPattern);

/** RFC 3339, 5.6. */
const DateTime = z
  .string()
  .refine((text) => parseMoment(text) !== null, 'expected a date and time with its zone');

const Version = z.string().regex(versionPattern);
const Language = z.string().regex(languagePattern);
const Cpe = z.string().min(5).regex(cpePattern);

const some = <T extends z.ZodType>(item: T) => z.array(item).min(1);
const distinct = <T extends z.ZodType>(item: T, least = 1) =>
  z.array(item).min(least).refine(isDistinct, 'expected no item twice');

const Acknowledgments = some(
  z
    .looseObject({
      names: some(Text).optional(),
      organization: Text.optional(),
      summary: Text.optional(),
      urls: some(Uri).optional(),
    })
    .refine(isFilled, 'expected at least one member'),
);

const Notes = some(
  z.looseObject({
    audience: Text.optional(),
    category: z.enum([
      'description',
      'details',
      'faq',
      'general',
      'legal_disclaimer',
      'other',
      'summary',
    ]),
    text: Text,
    title: Text.optional(),
  }),
);

const References = some(
  z.looseObject({
    category: z.enum(['external', 'self']).optional(),
    summary: Text,
    url: Uri,
  }),
);

const FullProductName = z.looseObject({
  name: Text,
  product_id: Text,
  product_identification_helper: z
    .looseObject({
      cpe: Cpe.optional(),
      hashes: some(
        z.looseObject({
          file_hashes: some(
            z.looseObject({
              algorithm: Text,
              value: z
                .string()
                .min(32)
                .regex(/^[0-9a-fA-F]{32,}$/),
            }),
          ),
          filename: Text,
        }),
      ).optional(),
      model_numbers: distinct(Text).optional(),
      purl: Uri.min(7)
        .regex(/^pkg:[A-Za-z.\-+][A-Za-z0-9.\-+]*\/.+/)
        .optional(),
      sbom_urls: some(Uri).optional(),
      serial_numbers: distinct(Text).optional(),
      skus: some(Text).optional(),
      x_generic_uris: some(z.looseObject({ namespace: Uri, uri: Uri })).optional(),
    })
    .refine(isFilled, 'expected at least one member')
    .optional(),
});
export type FullProductName = z.infer<typeof FullProductName>;

const BranchCategory = z.enum([
  'architecture',
  'host_name',
  'language',
  'legacy',
  'patch_level',
  'product_family',
  'product_name',
  'product_version',
  'product_version_range',
  'service_pack',
  'specification',
  'vendor',
]);

/** Holds branches or a product. */
export interface Branch {
  category: z.infer<typeof BranchCategory>;
  name: string;
  product?: FullProductName | undefined;
  branches?: Branch[] | undefined;
}

const Branch: z.ZodType<Branch> = z
  .looseObject({
    category: BranchCategory,
    name: Text,
    product: FullProductName.optional(),
    branches: z.lazy(() => some(Branch)).optional(),
  })
  .refine((branch) => Object.keys(branch).length === 3, 'expected branches or a product, not both');

const Tracking = z.looseObject({
  aliases: distinct(Text).optional(),
  current_release_date: DateTime,
  generator: z
    .looseObject({
      date: DateTime.optional(),
      engine: z.looseObject({ name: Text, version: Text.optional() }),
    })
    .optional(),
  id: z.string().regex(/^[\S](.*[\S])?$/),
  initial_release_date: DateTime,
  revision_history: some(
    z.looseObject({
      date: DateTime,
      legacy_version: Text.optional(),
      number: Version,
      summary: Text,
    }),
  ),
  status: z.enum(['draft', 'final', 'interim']),
  version: Version,
});

const Products = distinct(Text);

const ofProducts = { group_ids: Products.optional(), product_ids: Products.optional() };

const Vulnerability = z
  .looseObject({
    acknowledgments: Acknowledgments.optional(),
    cve: z
      .string()
      .regex(/^CVE-[0-9]{4}-[0-9]{4,}$/)
      .optional(),
    cwe: z.looseObject({ id: z.string().regex(/^CWE-[1-9]\d{0,5}$/), name: Text }).optional(),
    discovery_date: DateTime.optional(),
    flags: distinct(
      z.looseObject({
        date: DateTime.optional(),
        label: z.enum([
          'component_not_present',
          'inline_mitigations_already_exist',
          'vulnerable_code_cannot_be_controlled_by_adversary',
          'vulnerable_code_not_in_execute_path',
          'vulnerable_code_not_present',
        ]),
        ...ofProducts,
      }),
    ).optional(),
    ids: distinct(z.looseObject({ system_name: Text, text: Text })).optional(),
    involvements: distinct(
      z.looseObject({
        date: DateTime.optional(),
        party: z.enum(['coordinator', 'discoverer', 'other', 'user', 'vendor']),
        status: z.enum([
          'completed',
          'contact_attempted',
          'disputed',
          'in_progress',
          'not_contacted',
          'open',
        ]),
        summary: Text.optional(),
      }),
    ).optional(),
    notes: Notes.optional(),
    product_status: z
      .looseObject({
        first_affected: Products.optional(),
        first_fixed: Products.optional(),
        fixed: Products.optional(),
        known_affected: Products.optional(),
        known_not_affected: Products.optional(),
        last_affected: Products.optional(),
        recommended: Products.optional(),
        under_investigation: Products.optional(),
      })
      .refine(isFilled, 'expected at least one member')
      .optional(),
    references: References.optional(),
    release_date: DateTime.optional(),
    remediations: some(
      z.looseObject({
        category: z.enum([
          'mitigation',
          'no_fix_planned',
          'none_available',
          'vendor_fix',
          'workaround',
        ]),
        date: DateTime.optional(),
        details: Text,
        entitlements: some(Text).optional(),
        restart_required: z
          .looseObject({
            category: z.enum([
              'connected',
              'dependencies',
              'machine',
              'none',
              'parent',
              'service',
              'system',
              'vulnerable_component',
              'zone',
            ]),
            details: Text.optional(),
          })
          .optional(),
        url: Uri.optional(),
        ...ofProducts,
      }),
    ).optional(),
    scores: some(
      z
        .looseObject({
          cvss_v2: z.record(z.string(), z.unknown()).optional(),
          cvss_v3: z.record(z.string(), z.unknown()).optional(),
          products: Products,
        })
        .refine((score) => Object.keys(score).length >= 2, 'expected a CVSS object'),
    ).optional(),
    threats: some(
      z.looseObject({
        category: z.enum(['exploit_status', 'impact', 'target_set']),
        date: DateTime.optional(),
        details: Text,
        ...ofProducts,
      }),
    ).optional(),
    title: Text.optional(),
  })
  .refine(isFilled, 'expected at least one member');
export type Vulnerability = z.infer<typeof Vulnerability>;

export const CsafDocument = z.looseObject({
  document: z.looseObject({
    acknowledgments: Acknowledgments.optional(),
    aggregate_severity: z.looseObject({ namespace: Uri.optional(), text: Text }).optional(),
    category: z.string().regex(/^[^\s\-_.](.*[^\s\-_.])?$/),
    csaf_version: z.literal('2.0'),
    distribution: z
      .looseObject({
        text: Text.optional(),
        tlp: z
          .looseObject({
            label: z.enum(['AMBER', 'GREEN', 'RED', 'WHITE']),
            url: Uri.optional(),
          })
          .optional(),
      })
      .refine(isFilled, 'expected at least one member')
      .optional(),
    lang: Language.optional(),
    notes: Notes.optional(),
    publisher: z.looseObject({
      category: z.enum(['coordinator', 'discoverer', 'other', 'translator', 'user', 'vendor']),
      contact_details: Text.optional(),
      issuing_authority: Text.optional(),
      name: Text,
      namespace: Uri,
    }),
    references: References.optional(),
    source_lang: Language.optional(),
    title: Text,
    tracking: Tracking,
  }),
  product_tree: z
    .looseObject({
      branches: some(Branch).optional(),
      full_product_names: some(FullProductName).optional(),
      product_groups: some(
        z.looseObject({
          group_id: Text,
          product_ids: distinct(Text, 2),
          summary: Text.optional(),
        }),
      ).optional(),
      relationships: some(
        z.looseObject({
          category: z.enum([
            'default_component_of',
            'external_component_of',
            'installed_on',
            'installed_with',
            'optional_component_of',
          ]),
          full_product_name: FullProductName,
          product_reference: Text,
          relates_to_product_reference: Text,
        }),
      ).optional(),
    })
    .refine(isFilled, 'expected at least one member')
    .optional(),
  vulnerabilities: some(Vulnerability).optional(),
});
export type CsafDocument = z.infer<typeof CsafDocument>;

function isFilled(value: object): boolean {
  return Object.keys(value).length > 0;
}

/** `uniqueItems` of JSON Schema: equal members in another order are equal. */
function isDistinct(items: readonly unknown[]): boolean {
  return new Set(items.map((item) => JSON.stringify(item, byName))).size === items.length;
}

function byName(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
