/** What is looked at of an SPDX 2 document, whatever form it is written in. */
export interface SpdxDocument {
  /** `SPDX-2.3`. */
  readonly version: string;
  readonly packages: readonly SpdxPackage[];
  /** Ids of what the document describes. */
  readonly described: ReadonlySet<string>;
}

export interface SpdxPackage {
  readonly id: string | undefined;
  readonly name: string;
  readonly version: string | undefined;
  readonly sourceInfo: string | undefined;
  readonly purls: readonly string[];
  readonly path: string;
}
