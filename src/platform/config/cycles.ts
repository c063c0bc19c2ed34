/** Bounds of the watchers' cycles, in seconds: those of the product whose API we speak, with the names it has for them. */
export const WATCHER_BOUNDS = {
  image: { known: 'image_watcher', fallback: 3_600, min: 300, max: 604_800 },
  repository: { known: 'repo_watcher', fallback: 60, min: 60, max: 604_800 },
  policy: { known: 'policy_eval', fallback: 3_600, min: 60, max: 172_800 },
} as const;
export type WatcherName = keyof typeof WATCHER_BOUNDS;

/** A cycle as it is used. */
export interface Cycle {
  /** 0: the watcher is off. */
  seconds: number;
  /** For the log, when it is not what was asked for. */
  note?: string;
}

/** Seconds of a watcher's cycle: 0 turns it off, a negative number is forced, and others are brought within the bounds. */
export function cycleSeconds(name: WatcherName, wanted: number): Cycle {
  const { known, min, max } = WATCHER_BOUNDS[name];
  if (wanted === 0) return { seconds: 0 };
  if (wanted < 0) {
    const seconds = -wanted;
    const note =
      seconds < min || seconds > max ? `${known}: ${seconds} s is forced past the bounds ${min} to ${max}` : '';
    return { seconds, ...(note ? { note } : {}) };
  }
  const seconds = Math.min(max, Math.max(min, wanted));
  return seconds === wanted
    ? { seconds }
    : { seconds, note: `${known}: ${wanted} s is outside ${min} to ${max}; ${seconds} s is used` };
}
