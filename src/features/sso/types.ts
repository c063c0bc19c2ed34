/** What SAML and OpenID Connect settings of a provider have in common. */
export interface ClaimMapping {
  /** Where the user name is; SAML without it takes the subject, OIDC `preferred_username`. */
  idp_username_attribute?: string | undefined;
  idp_account_attribute?: string | undefined;
  idp_role_attribute?: string | undefined;
  idp_groups_attribute?: string | undefined;
  default_account?: string | undefined;
  default_role?: string | undefined;
}

/** What a provider said of somebody, after everything about the message was checked. */
export interface Claims {
  /** Entity id or issuer. */
  source: string;
  /** The name to take when no attribute is configured; undefined when the subject is no lasting name. */
  subject: string | undefined;
  /** Values by attribute, in their order. */
  attributes: ReadonlyMap<string, readonly string[]>;
  /** Ids that must not be used again, with the time until which they could be. */
  used: { id: string; until: Date }[];
}

/** Differences between the clocks of this server and a provider that are tolerated, in milliseconds. */
export const CLOCK_SKEW_MS = 60_000;
