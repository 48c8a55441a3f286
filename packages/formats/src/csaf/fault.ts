/** One way in which a document breaks CSAF 2.0. */
export interface CsafFault {
  /** The number of the test that fails (section 6), such as `6.1.27.3`; `schema`: of the shape. */
  readonly test: string;
  /** JSON pointer (RFC 6901) to what is wrong. */
  readonly pointer: string;
  readonly text: string;
}

/** Where a test fails and why. */
export type Finding = readonly [pointer: string, text: string];
