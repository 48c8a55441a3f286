/** One measured figure. */
export type Row = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the figure has to keep to, who says so, and whether it does. */
  readonly limit?: { readonly name: string; readonly value: number; readonly met?: boolean };
  /** How many times the peer's figure this one is. */
  readonly ratio?: number;
};

export type BenchOptions = {
  /** A quick look, for trying whether the bench itself works. */
  readonly short: boolean;
};

/** Figures with what has to be said beside them. */
export type Report = {
  readonly rows: readonly Row[];
  /** Who was measured beside, with the version. */
  readonly peers?: readonly string[];
  /** What the figures leave out, and why. */
  readonly notes?: readonly string[];
};

/** What each module beside this file exports. */
export type Bench = { run(options: BenchOptions): Promise<readonly Row[] | Report> };
