/** A CVE record, as far as others can act on it: what its CNA and the ADPs say together. */
export interface CveAdvisory {
  /** `CVE-2026-1000`. */
  readonly id: string;
  /** null: a draft that does not say. */
  readonly state: 'PUBLISHED' | 'REJECTED' | 'RESERVED' | null;
  readonly assigner: string | null;
  /** As written; RFC 3339, where no zone means UTC. */
  readonly publishedAt: string | null;
  readonly updatedAt: string | null;
  /** Why it was rejected, in words; empty for one that was not. */
  readonly rejectedReasons: readonly string[];
  readonly title: string | null;
  /** In English where it is there. */
  readonly description: string | null;
  readonly affected: readonly CveAffected[];
  /** Such as `CWE-79`. */
  readonly weaknesses: readonly string[];
  /** CVSS, the CNA's before others, newest version first. */
  readonly vectors: readonly string[];
  readonly ssvc: CveSsvc | null;
  /** Since when CISA lists it as exploited, as its ADP container says. */
  readonly knownExploitedSince: string | null;
  readonly references: readonly { readonly url: string; readonly tags: readonly string[] }[];
  readonly solutions: readonly string[];
  readonly workarounds: readonly string[];
  readonly credits: readonly string[];
  /** What is in the record and not here, in whole sentences. */
  readonly notes: readonly string[];
}

/** A product somebody says something of. */
export interface CveAffected {
  /** Short name of who says it; `CNA` where it has none. */
  readonly by: string;
  readonly vendor: string | null;
  readonly product: string | null;
  readonly collectionUrl: string | null;
  readonly packageName: string | null;
  /** Of a member of format 5.2, or of a collection that we know; without version. */
  readonly purl: string | null;
  readonly cpes: readonly string[];
  readonly repository: string | null;
  readonly platforms: readonly string[];
  readonly files: readonly string[];
  readonly routines: readonly string[];
  readonly defaultStatus: CveStatus;
  readonly versions: readonly CveVersion[];
}

export type CveStatus = 'affected' | 'unaffected' | 'unknown';

/** A version, or all from `version` to an end. */
export interface CveVersion {
  readonly version: string;
  readonly status: CveStatus;
  readonly lessThan: string | null;
  readonly lessThanOrEqual: string | null;
  /** Such as `semver`, `git`, `custom`; what orders them. */
  readonly type: string | null;
  readonly changes: readonly { readonly at: string; readonly status: CveStatus }[];
}

/** Vulnrichment's three decision points, as written. */
export interface CveSsvc {
  readonly exploitation: string | null;
  readonly automatable: string | null;
  readonly technicalImpact: string | null;
}

export const cveLimits = {
  bytesMax: 16 * 1024 * 1024,
  depthMax: 64,
  affectedMax: 10_000,
  versionsMax: 50_000,
  adpsMax: 100,
} as const;
