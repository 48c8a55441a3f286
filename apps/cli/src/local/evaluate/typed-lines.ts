/** A line of more characters is none that anybody typed. */
const lineCharsMax = 64 * 1024;

/** The lines of a stream of text as they come; of one that is too long only a start is given. */
export async function* typedLines(
  stream: AsyncIterable<Uint8Array>,
): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder();
  let open = '';
  for await (const chunk of stream) {
    const parts = (open + decoder.decode(chunk, { stream: true })).split('\n');
    open = (parts.pop() ?? '').slice(0, lineCharsMax);
    for (const line of parts) yield line.replace(/\r$/u, '').slice(0, lineCharsMax);
  }
  const rest = open + decoder.decode();
  if (rest !== '') yield rest;
  return undefined;
}
