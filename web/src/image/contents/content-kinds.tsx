import { Link } from '@tanstack/react-router';
import { formatCount } from '../../format/number.ts';
import classes from './contents.module.css';

const EVIDENCE = [
  ['secrets', 'Secrets'],
  ['retrieved-files', 'Retrieved files'],
  ['content-search', 'Content search'],
  ['dockerfile', 'Dockerfile'],
  ['docker_history', 'History'],
  ['manifest', 'Manifest'],
] as const;

interface Kind {
  content_type: string;
  display_name?: string | undefined;
  count?: number | undefined;
}

/** Kinds of content with their counts. Kinds of packages that the image has none of are left out. */
export function ContentKinds({ kinds, shown, digest }: { kinds: Kind[]; shown: string; digest: string }) {
  const present = kinds.filter(
    (kind) => (kind.count ?? 0) > 0 || kind.content_type === shown || kind.content_type === 'os',
  );
  return (
    <nav aria-label="Kinds of content" className={classes.kinds}>
      {present.map((kind) => (
        <Entry
          key={kind.content_type}
          type={kind.content_type}
          name={kind.content_type === 'os' ? 'OS packages' : (kind.display_name ?? kind.content_type)}
          count={kind.count}
          shown={shown}
          digest={digest}
        />
      ))}
      <span className={classes.rule} />
      {EVIDENCE.map(([type, name]) => (
        <Entry key={type} type={type} name={name} count={undefined} shown={shown} digest={digest} />
      ))}
    </nav>
  );
}

function Entry(props: { type: string; name: string; count: number | undefined; shown: string; digest: string }) {
  const { type, name, count, shown, digest } = props;
  return (
    <Link
      to="/images/$digest/contents"
      params={{ digest }}
      search={{ type }}
      replace
      className={classes.kind}
      data-current={type === shown}
      aria-current={type === shown ? 'true' : undefined}
    >
      <span>{name}</span>
      <span className={classes.count}>{formatCount(count)}</span>
    </Link>
  );
}
