import type { Descriptor } from './types.ts';

/** Operating system and processor that an image is made for, in Go's names (OCI image index, "platform"). */
export interface Platform {
  os: string;
  architecture: string;
  variant?: string;
}

/** Taken when nobody asks for a platform. */
export const DEFAULT_PLATFORM: Platform = { os: 'linux', architecture: 'amd64' };

const ARCHITECTURES: Record<string, string> = {
  x86_64: 'amd64',
  'x86-64': 'amd64',
  aarch64: 'arm64',
  i386: '386',
  armhf: 'arm',
  armel: 'arm',
};

/** Reads `os/architecture[/variant]` or an architecture alone; throws on anything else. */
export function parsePlatform(text: string): Platform {
  const parts = text.trim().toLowerCase().split('/');
  if (parts.length > 3 || parts.some((part) => !/^[a-z0-9_.-]+$/.test(part))) {
    throw new Error(`The platform "${text}" is not of the form os/architecture[/variant].`);
  }
  const [os, architecture, variant] = parts.length === 1 ? ['linux', parts[0]!] : [parts[0]!, parts[1]!, parts[2]];
  const platform: Platform = { os, architecture: ARCHITECTURES[architecture] ?? architecture };
  if (variant !== undefined) platform.variant = variant;
  else if (architecture === 'armel') platform.variant = 'v6';
  return platform;
}

/** `os/architecture[/variant]`. */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  return variant ? `${os}/${architecture}/${variant}` : `${os}/${architecture}`;
}

/**
 * How well a machine of platform `wanted` runs `offered`: higher is better, 0 is not at all. Arm variants form a ladder:
 * a v7 machine runs v7, v6, v5; amd64 levels likewise. No variant stands for arm/v7, arm64/v8 and amd64/v1.
 */
export function fitness(wanted: Platform, offered: Platform): number {
  if (wanted.os !== offered.os || wanted.architecture !== offered.architecture) return 0;
  const baseline = { arm: 7, arm64: 8, amd64: 1 }[wanted.architecture];
  if (baseline === undefined) return (wanted.variant ?? '') === (offered.variant ?? '') ? 2 : wanted.variant ? 0 : 1;
  const level = (platform: Platform): number => Number(/^v(\d+)/.exec(platform.variant ?? '')?.[1] ?? baseline);
  return level(offered) > level(wanted) ? 0 : 1 + level(offered);
}

/** True for descriptors that accompany images and hold none: BuildKit attestations, referrers. */
export function isAttachment(descriptor: Descriptor): boolean {
  if (descriptor.annotations?.['vnd.docker.reference.type'] !== undefined) return true;
  return descriptor.platform?.os === 'unknown' && descriptor.platform.architecture === 'unknown';
}
