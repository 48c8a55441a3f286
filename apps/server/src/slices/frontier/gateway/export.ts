import {
  type GatewayRequest,
  gateway,
  gatewayIncidents,
  gatewayJobs,
  gatewayRecord,
} from '@breakwater/contract';
import type { ExportOf } from '../../../platform/directory/export-source.ts';

/** There may be millions: they come by thousands. */
const requestsOfFile = 1_000;

/** Endpoints, allotments, canaries and incidents of a developer, and the keys, usage, cut-offs, requests and jobs of a party. */
export const exportOf: ExportOf = async function* (source) {
  for (const [path, operation] of [
    ['gateway/upstreams.json', gateway.upstreams],
    ['gateway/allotments.json', gateway.allotments],
    ['gateway/templates.json', gatewayJobs.templates],
    ['gateway/canaries.json', gatewayIncidents.canaries],
  ] as const) {
    const own = await source.get(operation);
    if (own !== null && own.items.length > 0) yield { path, value: own.items };
  }
  for await (const key of source.pages(gateway.keys)) {
    const usage = await source.get(gateway.usage, { params: { gkey: key.id } });
    yield { path: `gateway/keys/${key.id}.json`, value: { ...key, usage } };
  }
  const cuts = [];
  for await (const cut of source.pages(gateway.cuts)) cuts.push(cut);
  if (cuts.length > 0) yield { path: 'gateway/cuts.json', value: cuts };
  for await (const incident of source.pages(gatewayIncidents.incidents)) {
    yield { path: `gateway/incidents/${incident.id}.json`, value: incident };
  }
  let requests: GatewayRequest[] = [];
  let file = 1;
  for await (const request of source.pages(gatewayRecord.requests)) {
    requests.push(request);
    if (requests.length < requestsOfFile) continue;
    yield { path: `gateway/requests-${file++}.json`, value: requests };
    requests = [];
  }
  if (requests.length > 0) yield { path: `gateway/requests-${file}.json`, value: requests };
  for await (const { id } of source.pages(gatewayJobs.jobs)) {
    const value = await source.get(gatewayJobs.job, { params: { job: id } });
    if (value !== null) yield { path: `gateway/jobs/${id}.json`, value };
  }
};
