import type { TriggerContext, TriggerMatch } from '../../gate.ts';
import { type PasswdEntry, passwdEntries } from './passwd-entries.ts';

/** One match per entry that `denies` names a reason for. */
export function* deniedEntries(
  context: TriggerContext<unknown>,
  what: string,
  denies: (entry: PasswdEntry) => string | number | undefined,
): Generator<TriggerMatch> {
  for (const entry of passwdEntries(context)) {
    const value = denies(entry);
    if (value === undefined) continue;
    yield {
      message: `Denied ${what} ${value} in /etc/passwd (user ${entry.name})`,
      key: `${value}#${entry.line}`,
      evidence: { user: entry.name, value },
    };
  }
}
