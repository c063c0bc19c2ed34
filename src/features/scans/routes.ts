import { scanOperations } from '#contract/scan.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import type { ScanService } from './service.ts';

/** Handlers of the stateless scans. */
export function scanRoutes(scans: ScanService): BoundOperation[] {
  return bindOperations(scanOperations, {
    vulnerability_scan_sbom: ({ body, query, signal }) =>
      scans.vulnerabilities(body, {
        extendedSupport: query.extended_support,
        description: query.include_vuln_description,
        signal,
      }),
    stateless_scan: ({ account, body, query, signal }) =>
      scans.scan(account, body, {
        tag: query.tag,
        policyId: query.policy_id,
        extendedSupport: query.extended_support,
        signal,
      }),
  });
}
