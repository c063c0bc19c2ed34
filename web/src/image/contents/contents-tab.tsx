import { getRouteApi } from '@tanstack/react-router';
import { imageContentOperations } from '#contract/image-content.ts';
import { useOperation } from '../../api/operation-query.ts';
import { Answer } from '../../states/answer.tsx';
import { ErrorBoundary } from '../../states/error-boundary.tsx';
import { useImageDigest } from '../use-image.ts';
import { ContentKinds } from './content-kinds.tsx';
import classes from './contents.module.css';
import { DockerfileView } from './dockerfile-view.tsx';
import { FilesTable } from './files-table.tsx';
import { LicensesTable } from './licenses-table.tsx';
import { PackagesTable } from './packages-table.tsx';
import { RetrievedFilesTable } from './retrieved-files-table.tsx';
import { SearchHitsTable } from './search-hits-table.tsx';

const route = getRouteApi('/app/images/$digest/contents');

/** What the image holds, one kind at a time. */
export function ContentsTab() {
  const digest = useImageDigest();
  const summary = useOperation(imageContentOperations.get_image_content_summary, { params: { image_digest: digest } });
  const wanted = route.useSearch().type;
  return (
    <Answer of={summary} what="Loading the contents">
      {({ items = [] }) => {
        const kinds = items.flatMap((item) =>
          item.content_type ? [{ ...item, content_type: item.content_type }] : [],
        );
        const first = kinds.find((kind) => (kind.count ?? 0) > 0)?.content_type ?? 'os';
        const shown = wanted ?? first;
        return (
          <div className={classes.layout}>
            <ContentKinds kinds={kinds} shown={shown} digest={digest} />
            <div className={classes.content}>
              <ErrorBoundary resetKey={shown}>
                <Content kind={shown} digest={digest} />
              </ErrorBoundary>
            </div>
          </div>
        );
      }}
    </Answer>
  );
}

function Content({ kind, digest }: { kind: string; digest: string }) {
  switch (kind) {
    case 'files':
      return <FilesTable digest={digest} />;
    case 'licenses':
      return <LicensesTable digest={digest} />;
    case 'secrets':
    case 'content-search':
      return <SearchHitsTable key={kind} digest={digest} kind={kind} />;
    case 'retrieved-files':
      return <RetrievedFilesTable digest={digest} />;
    case 'dockerfile':
    case 'docker_history':
    case 'manifest':
      return <DockerfileView key={kind} digest={digest} kind={kind} />;
    default:
      return <PackagesTable key={kind} digest={digest} kind={kind} />;
  }
}
