import type { ImageOverview } from '#contract/windlass.ts';
import { formatSize } from '../format/size.ts';
import { SeverityBar, severitySummary } from '../severity/severity-bar.tsx';
import { VerdictBadge } from '../severity/verdict-badge.tsx';
import { Ago } from '../states/ago.tsx';
import type { Column } from '../table/column.ts';
import { AnalysisState } from './analysis-state.tsx';
import { ImageName } from './image-name.tsx';

/** Columns of the list of images. Ids that order are those of the server. */
export const imageColumns: Column<ImageOverview>[] = [
  {
    id: 'full_tag',
    title: 'Image',
    least: 230,
    value: (image) => image.full_tags.join(' '),
    cell: (image) => <ImageName image={image} />,
  },
  {
    id: 'verdict',
    title: 'Policy',
    sortable: false,
    width: 104,
    value: (image) => image.final_action,
    cell: (image) => (image.final_action ? <VerdictBadge outcome={image.final_action} /> : null),
  },
  {
    id: 'critical',
    title: 'Vulnerabilities',
    descendingFirst: true,
    width: 270,
    value: (image) => (image.vulnerabilities ? severitySummary(image.vulnerabilities) : ''),
    cell: (image) =>
      image.vulnerabilities ? (
        <SeverityBar counts={image.vulnerabilities} sure={!image.problems?.length} />
      ) : (
        <AnalysisState image={image} />
      ),
  },
  {
    id: 'distro',
    title: 'Distribution',
    sortable: false,
    from: 1250,
    width: 150,
    value: (image) => [image.distro, image.distro_version].filter(Boolean).join(' '),
  },
  {
    id: 'packages',
    title: 'Packages',
    descendingFirst: true,
    align: 'right',
    from: 1100,
    width: 108,
    value: (image) => image.packages,
  },
  {
    id: 'size',
    title: 'Size',
    sortable: false,
    align: 'right',
    from: 1345,
    width: 96,
    value: (image) => image.image_size,
    cell: (image) => formatSize(image.image_size),
  },
  {
    id: 'created_at',
    title: 'Added',
    descendingFirst: true,
    align: 'right',
    from: 790,
    width: 120,
    value: (image) => image.created_at,
    cell: (image) => <Ago time={image.created_at} />,
  },
];
