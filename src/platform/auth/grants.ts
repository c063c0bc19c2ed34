import { findRole } from './roles.ts';

/** Roles held, by domain: direct memberships and those of the user's groups. */
export type Grants = Readonly<Record<string, readonly string[]>>;

/** Whether roles give an action in a domain. Unknown role names give nothing. */
export function grantsAction(grants: Grants, domain: string, action: string): boolean {
  const held = Object.hasOwn(grants, domain) ? (grants[domain] ?? []) : [];
  return held.some((name) => (findRole(name)?.actions as ReadonlySet<string> | undefined)?.has(action) ?? false);
}

/** Domains in which roles give an action, sorted. */
export function domainsWith(grants: Grants, action: string): string[] {
  return Object.keys(grants)
    .filter((domain) => grantsAction(grants, domain, action))
    .sort();
}
