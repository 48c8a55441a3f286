import { ok, type Result, refuse } from '@breakwater/kernel';
import { z } from 'zod';
import { type JsonRefusal, readJson } from '../json/read-json.ts';

/** What a CSAF provider says of itself (csaf-v2.0 and 2.1, 7.1.7 and provider_json_schema). */
export interface CsafProvider {
  readonly canonicalUrl: string;
  readonly publisher: {
    readonly name: string;
    readonly namespace: string;
    /** Prose: how to reach it; null: not said. */
    readonly contact: string | null;
    readonly category: string;
  };
  readonly role: string;
  /** As it stands there, RFC 3339. */
  readonly lastUpdated: string;
  /** Folders of documents. */
  readonly directories: readonly string[];
  /** ROLIE feeds of documents. */
  readonly feeds: readonly {
    readonly url: string;
    readonly tlp: string;
    readonly summary: string;
  }[];
  readonly keys: readonly { readonly url: string; readonly fingerprint: string | null }[];
}

export type CsafProviderCode = JsonRefusal | 'provider-nonconforming';

const limits = { bytesMax: 1024 * 1024, depthMax: 32 };

const Https = z.url({ protocol: /^https$/ }).max(2_000);
const Provider = z.object({
  canonical_url: Https.refine((url) => url.endsWith('/provider-metadata.json'), {
    message: 'expected an address of a file provider-metadata.json',
  }),
  distributions: z
    .array(
      z.object({
        directory_url: Https.optional(),
        /** 2.1 names a folder so, beside its marking. */
        directory: z.object({ url: Https }).optional(),
        rolie: z
          .object({
            feeds: z
              .array(
                z.object({
                  url: Https,
                  tlp_label: z.string().max(20),
                  summary: z.string().max(2_000).default(''),
                }),
              )
              .max(200),
          })
          .optional(),
      }),
    )
    .max(200)
    .default([]),
  last_updated: z.iso.datetime({ offset: true }),
  metadata_version: z.enum(['2.0', '2.1']),
  public_openpgp_keys: z
    .array(
      z.object({
        url: Https,
        fingerprint: z
          .string()
          .regex(/^[0-9a-fA-F]{40,}$/)
          .max(200)
          .optional(),
      }),
    )
    .max(200)
    .default([]),
  publisher: z.object({
    category: z.string().max(40),
    contact_details: z.string().min(1).max(20_000).optional(),
    name: z.string().min(1).max(1_000),
    namespace: z.string().min(1).max(2_000),
  }),
  role: z.enum(['csaf_publisher', 'csaf_provider', 'csaf_trusted_provider']),
});

/** Parses a provider-metadata.json; members that are not told here are passed over. */
export function parseCsafProvider(bytes: Uint8Array): Result<CsafProvider, CsafProviderCode> {
  const json = readJson(bytes, limits);
  if (!json.ok) return json;
  const parsed = Provider.safeParse(json.value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const pointer = `/${(issue?.path ?? []).map(String).join('/')}`;
    return refuse({
      code: 'provider-nonconforming',
      expected: 'provider metadata as CSAF 2.0 or 2.1 has it',
      got: `at ${pointer}: ${issue?.message ?? 'another shape'}`.slice(0, 300),
      todo: 'ask its publisher to correct it',
      pointer,
    });
  }
  const { publisher, distributions, public_openpgp_keys: keys } = parsed.data;
  const { name, namespace, category, contact_details: contact } = publisher;
  return ok({
    canonicalUrl: parsed.data.canonical_url,
    publisher: { name, namespace, category, contact: contact ?? null },
    role: parsed.data.role,
    lastUpdated: parsed.data.last_updated,
    directories: distributions.flatMap(({ directory_url: url, directory }) =>
      [url, directory?.url].filter((each) => each !== undefined),
    ),
    feeds: distributions.flatMap(({ rolie }) =>
      (rolie?.feeds ?? []).map(({ url, tlp_label: tlp, summary }) => ({ url, tlp, summary })),
    ),
    keys: keys.map(({ url, fingerprint }) => ({ url, fingerprint: fingerprint ?? null })),
  });
}
