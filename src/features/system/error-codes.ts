import type { AnchoreErrorCode } from '#contract/system.ts';

/** Codes that an answer may carry in `detail.error_codes`. */
export const ERROR_CODES: readonly AnchoreErrorCode[] = [
  { name: 'UNKNOWN', description: 'An error without a more exact code' },
  { name: 'REGISTRY_PERMISSION_DENIED', description: 'The registry refused the credentials, or asks for some' },
  { name: 'REGISTRY_IMAGE_NOT_FOUND', description: 'The registry has no such repository, tag or digest' },
  { name: 'REGISTRY_NOT_ACCESSIBLE', description: 'The registry could not be reached' },
  { name: 'REGISTRY_NOT_SUPPORTED', description: 'The server does not speak a registry protocol known here' },
  {
    name: 'SKOPEO_UNKNOWN_ERROR',
    description: 'The image could not be fetched for a reason without a code of its own',
  },
  { name: 'FEED_SYNC_ALREADY_IN_PROGRESS', description: 'Vulnerability data are being synchronised at the moment' },
  { name: 'OSARCH_MISMATCH', description: 'The image list has no image for the wanted operating system and processor' },
];
