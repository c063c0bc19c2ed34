import type { Db } from '#platform/database/types.ts';
import { badRequest, notFound } from '#shared/errors.ts';
import { type BuildPeriod, buildAt, buildPeriod } from './history-store.ts';

/** A moment of the past, with the build of the vulnerability data in use then. */
export interface Moment {
  at: Date;
  build: BuildPeriod | undefined;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;
const CHECKSUM = /^(?:sha256:)?[0-9a-f]{8,64}$/i;

/**
 * Reads a moment: an RFC 3339 time (UTC without zone), a day (its end), or a build by its checksum, or the start of it:
 * the end of its use. A moment to come is now. Throws 400 for other texts, 404 for a build that was never in use.
 */
export async function readMoment(db: Db, name: string, text: string, now: Date): Promise<Moment> {
  if (!TIME.test(text) && !DAY.test(text)) {
    if (!CHECKSUM.test(text))
      throw badRequest(
        `${name} must be a time (2026-05-01T12:00:00Z), a day (2026-05-01) or the checksum of a build, not ${text.slice(0, 100)}`,
      );
    return momentOf(await buildOf(db, text), now);
  }
  const wanted = parseTime(text);
  if (wanted === undefined) throw badRequest(`${name} is no time: ${text.slice(0, 100)}`);
  const at = wanted > now ? now : wanted;
  return { at, build: await buildAt(db, at) };
}

/** The end of the use of a build: the last state that it gave. */
export function momentOf(build: BuildPeriod, now: Date): Moment {
  return { at: build.replaced_at ? new Date(build.replaced_at.getTime() - 1) : now, build };
}

/** A build that was in use. Throws 400 for a text that is no checksum, 404 when it never was. */
export async function buildOf(db: Db, checksum: string): Promise<BuildPeriod> {
  if (!CHECKSUM.test(checksum)) throw badRequest(`not the checksum of a build: ${checksum.slice(0, 100)}`);
  const build = await buildPeriod(db, checksum.toLowerCase());
  if (!build) throw notFound(`no build ${checksum} was in use`);
  return build;
}

/** A day ends with its last millisecond. Undefined for what is no time. */
function parseTime(text: string): Date | undefined {
  const zoned = DAY.test(text) ? `${text}T23:59:59.999Z` : /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}Z`;
  const time = new Date(zoned);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
