import type { Distro } from '../model/distro.ts';
import type { MatchablePackage, MatchSettings } from './types.ts';

/** The channel of extended support that a distribution offers; undefined when there is none. */
function offered({ id, versionId = '' }: Distro): 'eus' | 'esm' | undefined {
  if (id === 'ubuntu') return 'esm';
  // Minor releases of RHEL are maintained on their own from 8 on.
  return (id === 'rhel' || id === 'redhat') && Number.parseInt(versionId, 10) >= 8 && versionId.includes('.')
    ? 'eus'
    : undefined;
}

/** The package as the settings want extended support to be seen: as its image tells (automatic), always, or never. */
export function withSupportChannel(pkg: MatchablePackage, settings: MatchSettings): MatchablePackage {
  const { distro } = pkg;
  const { rhelExtendedUpdates = 'auto', ubuntuPro = 'auto' } = settings;
  if (!distro || (rhelExtendedUpdates === 'auto' && ubuntuPro === 'auto')) return pkg;
  const channel = offered(distro);
  const policy = channel === 'eus' ? rhelExtendedUpdates : ubuntuPro;
  if (channel === undefined || policy === 'auto') return pkg;
  if (policy === 'always') return distro.channel === channel ? pkg : { ...pkg, distro: { ...distro, channel } };
  if (distro.channel !== channel) return pkg;
  const { channel: _, ...plain } = distro;
  return { ...pkg, distro: plain };
}
