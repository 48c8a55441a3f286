const mebibyte = 1024 * 1024;

/** What a reader of a log takes at most; each bound is a refusal with a code of its own. */
export const evalLogLimits = {
  /** Members of the archive, and samples of a JSON log. */
  membersMax: 500_000,
  directoryBytesMax: 128 * mebibyte,
  nameBytesMax: 1_024,
  /** Of a member when it is unpacked; Inspect's own viewer stops at 2 GiB. */
  memberBytesMax: 8 * 1024 * mebibyte,
  /** From here on a member may not be so many times as large as what it is packed in. */
  ratioFreeBytes: 64 * mebibyte,
  ratioMax: 5_000,
  /** A member packed by Zstandard begins a new frame every 200 MiB. */
  framesMax: 4_096,
  /** The header, and each other document that is held whole. */
  documentBytesMax: 64 * mebibyte,
  depthMax: 256,
  /** One summary, and each of a sample's members beside its lists. */
  pieceBytesMax: 64 * mebibyte,
  /** Elements of each list of a sample, and names of its attachments. */
  itemsMax: 4_000_000,
  /** What one page of a list holds, its references resolved. */
  pageBytesMax: 64 * mebibyte,
  pageItemsMax: 10_000,
} as const;
