/** Severities from worst to least, as rows of findings spell them. */
export const SEVERITIES = ['Critical', 'High', 'Medium', 'Low', 'Negligible', 'Unknown'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** The severity that a text means; anything else is `Unknown`. */
export function severityOf(text: string | undefined): Severity {
  return SEVERITIES.find((severity) => severity.toLowerCase() === text?.toLowerCase()) ?? 'Unknown';
}

/** 0 for the worst. */
export function severityRank(text: string | undefined): number {
  return SEVERITIES.indexOf(severityOf(text));
}

/** Name of the CSS variables of a severity. */
export function severityColor(severity: Severity): string {
  return severity.toLowerCase();
}
