import { parseConstraint } from '#engine/versions/constraint.ts';
import { schemeForRangeType } from '#engine/versions/registry.ts';
import { boundedMap } from './bounded-map.ts';

/** Looks whether a range can be read; what cannot is counted, and kept. */
export type RangeCheck = (type: string, constraint: string) => void;

const REMEMBERED = 100_000;
const WITHOUT_TYPE = new Set(['', 'unknown', 'generic']);

/** Makes a check that tells `anomaly` each range of an unknown kind, or with a constraint that cannot be read. */
export function rangeCheck(anomaly: (kind: string, times: number) => void): RangeCheck {
  const readable = boundedMap<string, boolean>(REMEMBERED);
  const types = new Map<string, boolean>();
  return (type, constraint) => {
    let known = types.get(type);
    if (known === undefined) {
      known = WITHOUT_TYPE.has(type.toLowerCase()) || schemeForRangeType(type) !== undefined;
      types.set(type, known);
    }
    if (!known) anomaly(`range of unknown type ${type.slice(0, 40)}`, 1);
    if (constraint === '') return;
    let fine = readable.get(constraint);
    if (fine === undefined) {
      // Whether a constraint can be read depends on its grammar alone, which all schemes share.
      fine = parseConstraint(constraint, 'kb').unreadable === undefined;
      readable.set(constraint, fine);
    }
    if (!fine) anomaly('constraint that cannot be read', 1);
  };
}
