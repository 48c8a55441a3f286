/** Exit codes, the same for every command; docs/cli.md lists them. */
export const exitCodes = {
  /** Done; reproduced; verified; holds; nothing affected. */
  good: 0,
  /** Answered, and the answer is another verdict: not reproduced, affected, does not hold. */
  bad: 1,
  /** Wrong usage, or refused; nothing was decided. */
  refused: 2,
  /** This machine has no sandbox. */
  noSandbox: 3,
  /** No server answers. */
  noServer: 4,
  /** Nothing is affected, and of some components nobody can say; for `affected --strict` alone. */
  undecided: 5,
  /** Not claimed: others are in the way. */
  conflict: 6,
  /** The claim or the leave under which a command ran is gone, and the command was stopped. */
  lost: 7,
  /** A fault of this program (EX_SOFTWARE of sysexits). */
  defect: 70,
  /** Stopped by Ctrl-C or a signal (128 and SIGINT). */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
