import type { Tlp } from '@breakwater/kernel';

/** A CSAF 2.0 document, as far as others can act on it. */
export interface CsafAdvisory {
  /** `tracking.id`: unique with its publisher. */
  readonly id: string;
  readonly title: string;
  /** The profile, such as `csaf_security_advisory` or `csaf_vex`. */
  readonly category: string;
  readonly publisher: {
    readonly name: string;
    readonly namespace: string;
    readonly category: string;
  };
  /** null: the document does not say. CSAF's WHITE is CLEAR since TLP 2.0. */
  readonly tlp: Tlp | null;
  readonly status: 'draft' | 'final' | 'interim';
  readonly version: string;
  /** RFC 3339. */
  readonly firstReleasedAt: string;
  readonly releasedAt: string;
  readonly aliases: readonly string[];
  readonly references: readonly CsafReference[];
  /** Every product the tree defines, by its id. */
  readonly products: ReadonlyMap<string, CsafProduct>;
  readonly vulnerabilities: readonly CsafVulnerability[];
  /** Failures of mandatory tests and what is in the document and not here, in whole sentences. */
  readonly notes: readonly string[];
}

export interface CsafReference {
  readonly url: string;
  readonly summary: string;
  readonly isSelf: boolean;
}

/** A product, and what the branches above it say of it. */
export interface CsafProduct {
  readonly id: string;
  readonly name: string;
  readonly vendor: string | null;
  readonly product: string | null;
  readonly version: string | null;
  /** As written: a `vers:` text, or the publisher's own words. */
  readonly versionRange: string | null;
  /** Package URL; of a component in another product, the component's. */
  readonly purl: string | null;
  readonly cpe: string | null;
  /** Of a component: what it is in, and how. */
  readonly within: { readonly product: string; readonly how: string } | null;
}

export interface CsafVulnerability {
  readonly cve: string | null;
  /** Of other systems, such as `Siemens: SSA-1`. */
  readonly ids: readonly { readonly system: string; readonly id: string }[];
  readonly title: string | null;
  readonly description: string | null;
  /** `CWE-79`. */
  readonly weakness: string | null;
  readonly status: CsafStatus;
  readonly remediations: readonly CsafRemediation[];
  readonly threats: readonly CsafAbout[];
  /** Why products are not affected, such as `vulnerable_code_not_present`. */
  readonly flags: readonly CsafAbout[];
  readonly scores: readonly CsafScore[];
  readonly references: readonly CsafReference[];
}

/** Ids of products; each list without repetition, groups taken apart. */
export interface CsafStatus {
  readonly affected: readonly string[];
  readonly fixed: readonly string[];
  readonly notAffected: readonly string[];
  readonly underInvestigation: readonly string[];
  readonly recommended: readonly string[];
}

/** Something said of products: of these, or of all where the list is empty. */
export interface CsafAbout {
  readonly category: string;
  readonly details: string | null;
  readonly products: readonly string[];
}

export interface CsafRemediation extends CsafAbout {
  readonly url: string | null;
}

export interface CsafScore {
  /** CVSS. */
  readonly vector: string;
  readonly products: readonly string[];
}

export const csafLimits = {
  bytesMax: 64 * 1024 * 1024,
  depthMax: 64,
  namingsMax: 1_000_000,
} as const;
