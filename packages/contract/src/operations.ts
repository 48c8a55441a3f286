import { authorizations } from './authorizations.ts';
import { claims } from './claims.ts';
import { collect } from './collect.ts';
import { coordinate } from './coordinate.ts';
import { correlate } from './correlate.ts';
import { designate } from './designate.ts';
import { directory } from './directory.ts';
import { discover } from './discover.ts';
import { distribute } from './distribute.ts';
import { earlyAccess } from './early-access.ts';
import { engage } from './engage.ts';
import { example } from './example.ts';
import { gateway } from './gateway.ts';
import { gatewayIncidents } from './gateway-incidents.ts';
import { gatewayJobs } from './gateway-jobs.ts';
import { gatewayRecord } from './gateway-record.ts';
import { helpers } from './helpers.ts';
import { live } from './live.ts';
import { notify } from './notify.ts';
import type { Operation } from './operation.ts';
import { organization } from './organization.ts';
import { owner } from './owner.ts';
import { partners } from './partners.ts';
import { precheck } from './precheck.ts';
import { prioritize } from './prioritize.ts';
import { record } from './record.ts';
import { runs } from './runs.ts';
import { search } from './search.ts';
import { session } from './session.ts';
import { suites } from './suites.ts';
import { terms } from './terms.ts';
import { validate } from './validate.ts';
import { verify } from './verify.ts';
import { wishes } from './wishes.ts';

/** Every operation there is, in the order in which data meets the slices. */
export const operations: readonly Operation[] = [
  directory,
  session,
  organization,
  authorizations,
  claims,
  wishes,
  discover,
  collect,
  correlate,
  validate,
  precheck,
  prioritize,
  coordinate,
  owner,
  verify,
  distribute,
  helpers,
  suites,
  runs,
  engage,
  designate,
  terms,
  earlyAccess,
  partners,
  gateway,
  gatewayIncidents,
  gatewayRecord,
  gatewayJobs,
  record,
  example,
  search,
  notify,
  live,
].flatMap((slice): Operation[] => Object.values(slice));
