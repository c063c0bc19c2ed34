import type { SourceItem } from './types.ts';
import { timeOf } from './types.ts';

/** Whether a first line is that of EPSS scores as CSV. */
export function isEpssHead(line: string): boolean {
  return line.startsWith('#model_version:') || /^cve,epss,percentile\s*$/i.test(line);
}

/** Reads EPSS scores: an optional comment with `score_date:`, a heading, and `cve,epss,percentile` lines. */
export async function* readEpss(lines: AsyncIterable<string> | Iterable<string>): AsyncGenerator<SourceItem> {
  let date = '';
  for await (const line of lines) {
    if (line.startsWith('#')) {
      // Some releases write the zone without a colon.
      date = timeOf((/score_date:([^,\s]+)/.exec(line)?.[1] ?? '').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
      yield { kind: 'provider', provider: 'epss', whole: true, ...(date === '' ? {} : { capturedAt: date }) };
      continue;
    }
    const [cve = '', epss = '', percentile = ''] = line.split(',');
    if (cve === '' || /^cve$/i.test(cve)) continue;
    const score = Number(epss);
    const rank = Number(percentile);
    const usable = /^CVE-\d{4}-\d+$/i.test(cve) && epss !== '' && score >= 0 && score <= 1 && rank >= 0 && rank <= 1;
    yield usable
      ? { kind: 'epss', cve, score, percentile: rank, date }
      : { kind: 'anomaly', text: 'unreadable EPSS line' };
  }
}
