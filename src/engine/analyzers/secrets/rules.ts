/** A search rule as configured: a name and a regular expression in Python's or JavaScript's syntax. */
export interface SearchRule {
  name: string;
  regex: string;
  /** Texts in lower case of which every match contains one; absent: told from the expression. */
  literals?: readonly string[];
}

/**
 * Built-in secret rules. Names are those that policies written for Anchore refer to; each expression describes a whole
 * line. Assignments may use `=`, `:` or `=>`, quoted or not, as in shell, YAML, JSON, ini and source files.
 */
export const DEFAULT_SECRET_RULES: readonly SearchRule[] = [
  {
    name: 'AWS_ACCESS_KEY',
    regex: String.raw`(?i).*aws_access_key_id["']?\s*(?:=>|[=:])+\s*["']?.*(?<![a-z0-9])[a-z0-9]{20}(?![a-z0-9])`,
  },
  {
    name: 'AWS_SECRET_KEY',
    regex: String.raw`(?i).*aws_secret_access_key["']?\s*(?:=>|[=:])+\s*["']?.*(?<![a-z0-9/+])[a-z0-9/+][a-z0-9/+=]{39}(?![a-z0-9/+=])`,
  },
  { name: 'PRIV_KEY', regex: '(?i).*-+BEGIN[a-z0-9 ]*PRIVATE KEY(?: BLOCK)?-+' },
  { name: 'DOCKER_AUTH', regex: String.raw`(?i).*"auth"\s*:\s*"[^"]+"` },
  {
    name: 'API_KEY',
    literals: ['api_key', 'api-key', 'apikey'],
    regex: String.raw`(?i).*api[-_]?key["']?\s*(?:=>|[=:])+\s*["']?.*(?<![a-z0-9])[a-z0-9]{20,60}(?![a-z0-9])`,
  },
];
