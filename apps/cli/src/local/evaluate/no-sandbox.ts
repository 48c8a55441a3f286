import { exitCodes } from '../../exit-codes.ts';
import { Stop } from '../../stop.ts';

/** Ends a command that needs worlds where this machine offers none. */
export function noSandbox(got: string): Stop {
  const todo = 'install bubblewrap and allow user namespaces; docs/operate/install.md tells how';
  const refusal = { code: 'sandbox-unavailable', expected: 'a sandbox on this machine', got, todo };
  return new Stop(refusal, exitCodes.noSandbox);
}
