/**
 * The body of a request, or null where it is longer than `bytesMax`. Read only once the caller is
 * known: what a stranger sends in pieces, without telling the length, is not kept in memory.
 */
export async function readBody(request: Request, bytesMax: number): Promise<Uint8Array | null> {
  // Node holds a sender to the length it told (RFC 9112, 6.2).
  const told = request.headers.get('content-length');
  if (told !== null) {
    return Number(told) <= bytesMax ? new Uint8Array(await request.arrayBuffer()) : null;
  }
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.length;
    if (size > bytesMax) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
