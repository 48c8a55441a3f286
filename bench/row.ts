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

/** What each module beside this file exports. */
export type Bench = { run(options: BenchOptions): Promise<Row[]> };
