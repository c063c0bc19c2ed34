export { type IndexDelta, indexDelta, type KeyChanges, matchesAlike } from './index-delta.ts';
export { UnorderedStream } from './merge-streams.ts';
