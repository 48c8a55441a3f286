/**
 * Runs what is given to it one after another, in the order in which it came: for work of which each
 * takes so much memory that several at once would take the server from everybody else.
 */
export function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  };
}
