/** Exit codes of `windlass`. They are an interface: scripts depend on them. */
export const EXIT = {
  /** Done; a verdict, where there is one, is pass. */
  ok: 0,
  /** Done; the verdict of a policy that was asked for is fail, or a finding reaches `--fail-on`. */
  failed: 1,
  /** Wrong arguments, or a file that was named cannot be understood. */
  usage: 2,
  /** Not done: not found, refused, unreachable, or an error on the way. */
  error: 3,
  /** Done in part: the analysis failed or could not read everything, or a distribution has no vulnerability data. */
  incomplete: 4,
  /** `--timeout` ran out while waiting. */
  timeout: 5,
  /** Stopped by Ctrl-C. */
  interrupted: 130,
} as const;

/** One of the values of `EXIT`. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
