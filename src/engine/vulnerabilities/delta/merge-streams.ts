import type { ContentHash } from '../types.ts';

/** A key whose content is not the same in both builds. */
export interface KeyChange {
  change: 'added' | 'changed' | 'removed';
  key: string;
  name: string;
}

/** A stream that does not rise cannot be merged: the two builds have to be taken as wholly different. */
export class UnorderedStream extends Error {
  override readonly name = 'UnorderedStream';
}

/**
 * Yields what differs between two streams of content hashes, holding one entry of each, and `undefined` now and then so
 * that the caller can let others work. Throws {@link UnorderedStream}.
 */
export function* mergeStreams(
  from: Iterable<ContentHash>,
  to: Iterable<ContentHash>,
  pauseEvery = 4096,
): Generator<KeyChange | undefined> {
  const left = rising(from);
  const right = rising(to);
  let a = left.next();
  let b = right.next();
  for (let seen = 1; !a.done || !b.done; seen++) {
    const order = a.done ? 1 : b.done ? -1 : compareCodePoints(orderOf(a.value), orderOf(b.value));
    if (order < 0) {
      yield changeOf('removed', a.value as ContentHash);
      a = left.next();
    } else if (order > 0) {
      yield changeOf('added', b.value as ContentHash);
      b = right.next();
    } else {
      if ((a.value as ContentHash).hash !== (b.value as ContentHash).hash)
        yield changeOf('changed', b.value as ContentHash);
      a = left.next();
      b = right.next();
    }
    if (seen % pauseEvery === 0) yield undefined;
  }
}

function changeOf(change: KeyChange['change'], { key, name }: ContentHash): KeyChange {
  return { change, key, name };
}

function orderOf(entry: ContentHash): string {
  return entry.order ?? entry.key;
}

function* rising(stream: Iterable<ContentHash>): Generator<ContentHash> {
  let last: string | undefined;
  for (const entry of stream) {
    const order = orderOf(entry);
    if (last !== undefined && compareCodePoints(last, order) >= 0)
      throw new UnorderedStream(`the key ${entry.key} does not follow ${last} in the order of content hashes`);
    last = order;
    yield entry;
  }
}

/** Order of UTF-8 bytes. Differs from that of JavaScript where a surrogate pair meets a character from U+E000 on. */
export function compareCodePoints(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const x = a.charCodeAt(at);
    const y = b.charCodeAt(at);
    if (x === y) continue;
    const highX = x >= 0xd800 && x <= 0xdfff;
    const highY = y >= 0xd800 && y <= 0xdfff;
    return highX === highY ? x - y : highX ? 1 : -1;
  }
  return a.length - b.length;
}
