import type { ReportContext } from '../execution/context.ts';

/** How many times more keys are read next. */
const GROWTH = 100;

/**
 * The whole lists of the first keys, as many as fit into the answer; those of the first key always. They are read in
 * parts, so that little is read in vain when lists are long; `sizeOf` tells the rows that a list adds to the answer.
 */
export async function readWhole<K, L>(
  keys: readonly K[],
  context: ReportContext,
  read: (keys: readonly K[]) => Promise<readonly L[]>,
  sizeOf: (list: L) => number,
): Promise<L[]> {
  const lists: L[] = [];
  let room = context.remaining();
  for (let size = context.limits.firstLists; lists.length < keys.length; ) {
    const part = await read(keys.slice(lists.length, lists.length + size));
    for (const list of part) {
      room -= sizeOf(list) + 1;
      if (room < 0) return lists.length === 0 ? [list] : lists;
      lists.push(list);
    }
    const rowsOfKey = Math.max(1, (context.remaining() - room) / lists.length);
    size = Math.max(1, Math.min(Math.ceil((room * 1.2) / rowsOfKey), lists.length * GROWTH));
  }
  return lists;
}
