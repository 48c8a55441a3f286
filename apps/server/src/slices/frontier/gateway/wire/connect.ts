import { buildConnector } from 'undici';
import {
  BeyondReach,
  hostBeyond,
  lookupWithin,
  type Reach,
  type Resolve,
} from '../../../../platform/outbound/reach.ts';

/** Where upstreams may lie, and how their names are asked for. */
export interface UpstreamReach {
  readonly reach: Reach;
  /** The machine's own way unless told. */
  readonly resolve?: Resolve;
}

/**
 * Makes connections to upstreams, and none to anywhere but where the operator lets them lie. It is
 * asked once for each connection; calls on one that is kept pay nothing. No proxy stands between,
 * whatever the environment names: what it connected to would be its own choice.
 */
export function connectorWithin(
  { reach, resolve }: UpstreamReach,
  timeoutMs: number,
): buildConnector.connector {
  const lookup = lookupWithin(reach, resolve);
  const connect = buildConnector({ allowH2: false, timeout: timeoutMs, lookup });
  return (options, callback) => {
    const refuse = () => callback(new BeyondReach('beyond what may be reached'), null);
    if (hostBeyond(reach, options.hostname)) return queueMicrotask(refuse);
    connect(options, (error, socket) => {
      if (error !== null) return callback(error, null);
      // What was judged is what was connected to; a socket that says otherwise is let go.
      if (reach.has(socket.remoteAddress ?? '')) return callback(null, socket);
      socket.destroy();
      refuse();
    });
  };
}
