import { readFileSync } from 'node:fs';
import type {
  AffectedFact,
  DatabaseContent,
  KnownExploitedFact,
  RangeFact,
  RecordFact,
  SeverityWord,
  SystemFact,
} from './database.ts';

/** One line of advisories.json: what one advisory says about one package. */
interface AdvisoryFact {
  id: string;
  aliases: string[];
  severity: SeverityWord;
  ecosystem: string;
  distro?: string;
  package: string;
  ranges: RangeFact[];
  link: string;
  summary: string;
}

interface AdvisoryFile {
  collectedAt: string;
  systems: SystemFact[];
  knownExploited: KnownExploitedFact[];
  advisories: AdvisoryFact[];
}

/** The sample of well-known advisories that comes with the product. `builtAt`: RFC 3339 time of the database to be. */
export function sampleAdvisories(builtAt: string): DatabaseContent {
  const file = JSON.parse(readFileSync(new URL('./advisories.json', import.meta.url), 'utf8')) as AdvisoryFile;
  const records = new Map<string, RecordFact & { affected: AffectedFact[] }>();
  for (const { id, aliases, severity, ecosystem, distro, package: name, ranges, link, summary } of file.advisories) {
    const provider = providerOf(id, distro);
    const known = records.get(`${provider} ${id}`);
    const affected = { ecosystem, package: name, ranges, ...(distro === undefined ? {} : { distro }) };
    if (known) known.affected.push(affected);
    else
      records.set(`${provider} ${id}`, {
        id,
        provider,
        severity,
        aliases,
        description: summary,
        links: [link],
        affected: [affected],
      });
  }
  return {
    builtAt,
    capturedAt: file.collectedAt,
    systems: file.systems,
    records: [...records.values()],
    knownExploited: file.knownExploited,
  };
}

function providerOf(id: string, distro: string | undefined): string {
  if (distro !== undefined) return distro.split(':')[0]!;
  return id.startsWith('GO-') ? 'govulndb' : 'github';
}
