import type { ScanRequest } from './request.ts';

/** The request that analyses a source for a server: with all evidence, and with the log-ins of this machine. */
export function localRequest(source: string, options: { platform?: string | undefined }): ScanRequest {
  const { platform } = options;
  return {
    source,
    outputs: [],
    packagesOnly: false,
    update: false,
    allowIncomplete: true,
    insecure: false,
    useCache: true,
    progress: 'auto',
    ...(platform === undefined ? {} : { platform }),
  };
}
