/** The host cannot offer a sandbox, or could not start this run in it. */
export class SandboxUnavailable extends Error {
  override readonly name = 'SandboxUnavailable';
}
