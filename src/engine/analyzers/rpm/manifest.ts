import type { RpmPackage } from '../../formats/rpmdb/index.ts';

/**
 * Reads `container-manifest-2` of distroless Mariner and Azure Linux images: one package per line, ten columns separated by
 * tabs: name, version-release, install time, build time, vendor, epoch, size, architecture, epoch number, source rpm.
 */
export function parseManifest(text: string): RpmPackage[] {
  return text.split('\n').flatMap((line) => {
    const columns = line.replace(/\r$/, '').split('\t');
    const [name, versionRelease = '', installTime = '', buildTime = '', vendor = '', epoch = '', size = '', arch = ''] =
      columns;
    const dash = versionRelease.lastIndexOf('-');
    if (!name || columns.length < 8 || dash <= 0) return [];
    return [
      {
        name,
        version: versionRelease.slice(0, dash),
        release: versionRelease.slice(dash + 1),
        ...numeric('installTime', installTime),
        ...numeric('buildTime', buildTime),
        ...numeric('epoch', epoch),
        ...numeric('size', size),
        ...textual('vendor', vendor),
        ...textual('arch', arch),
        ...textual('sourceRpm', columns[9] ?? ''),
        provides: [],
        requires: [],
        files: [],
      },
    ];
  });
}

function numeric<K extends string>(key: K, value: string): Partial<Record<K, number>> {
  return /^\d{1,15}$/.test(value) ? ({ [key]: Number(value) } as Partial<Record<K, number>>) : {};
}

function textual<K extends string>(key: K, value: string): Partial<Record<K, string>> {
  return value !== '' && value !== '(none)' ? ({ [key]: value } as Partial<Record<K, string>>) : {};
}
