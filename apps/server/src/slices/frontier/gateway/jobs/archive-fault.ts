/** An archive cannot be read; the message says what came instead of one that can. */
export class ArchiveUnreadable extends Error {
  override readonly name = 'ArchiveUnreadable';
}

/** A fault of one that is not as its format has it; `how` holds no word out of it. */
export function damaged(how: string): ArchiveUnreadable {
  return new ArchiveUnreadable(`one that is damaged: ${how}`);
}
