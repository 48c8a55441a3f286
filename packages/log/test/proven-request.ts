import type { Json } from '@breakwater/kernel';
import { bytesToHex, canonicalJson, hexToBytes, sha256, utf8 } from '@breakwater/kernel';
import type { Group, RequestProof } from '../src/index.ts';
import {
  appendEntries,
  commit,
  edgeRoot,
  groupRoot,
  inclusionProof,
  insideDomain,
  intervalAct,
  intervalLeaves,
  intervalPlaces,
  leafHash,
  pathAmong,
  requestCommitment,
  rootOf,
  tileReader,
} from '../src/index.ts';
import { fileOf, logOf, sign } from './memory-log.ts';

/** The vector of docs/log-format.md. */
export const salt = hexToBytes('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f');
export const request = { endedAt: '2026-11-22T09:30:00.000Z', id: 'request_1', status: 200 };
export const insideSalt = new Uint8Array(32).fill(7);
const insideContent: Json = { marks: ['prompts-alike'], model: 'model_1' };

const committedInside = bytesToHex(
  sha256(Uint8Array.from([...utf8(insideDomain), ...insideSalt, ...canonicalJson(insideContent)])),
);

/** Request `index` of `size` at one place, with its interval as entry 3 of a log. */
export async function proven({ index = 2, size = 5, place = 700 } = {}): Promise<RequestProof> {
  const said = { ...request, inside: committedInside };
  const commitments = Array.from({ length: size }, (_, i) =>
    requestCommitment(salt, i === index ? said : { ...said, id: `other_${i}` }),
  );
  const group: Group = { size, root: groupRoot(commitments) };
  const other: Group = { size: 1, root: groupRoot([new Uint8Array(32)]) };
  const taken = new Map([
    [place, group],
    [(place + 1) % intervalPlaces, other],
  ]);
  const leaves = intervalLeaves(taken, new Uint8Array(32).fill(9));
  const root = bytesToHex(rootOf(leaves));
  const content = { act: intervalAct, data: { root, places: intervalPlaces }, v: 1 };
  const log = await logOf(3);
  const { edge, files } = appendEntries(log.edge, [commit(salt, content)]);
  for (const { path, bytes } of files) log.files.set(path, bytes);
  await sign(log, edge.size, edgeRoot(edge));
  const proof = await inclusionProof({ index: 3, size: 4, read: tileReader(4, log.fetchFile) });
  if (!proof.ok) throw new Error(proof.refusal.got);
  const checkpoint = fileOf(log, 'checkpoint');
  return {
    salt,
    request: said,
    inside: { salt: insideSalt, content: insideContent },
    group: { index, ...group, proof: await pathAmong(commitments.map(leafHash), index) },
    interval: { place, proof: await pathAmong(leaves, place) },
    entry: { salt, content, index: 3, proof: proof.value, checkpoint },
  };
}
