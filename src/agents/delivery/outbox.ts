import { backoff, pause } from './backoff.ts';
import type { AgentLog } from './log.ts';
import type { Credentials, DeliveryResult, ReportServer } from './report-server.ts';
import type { Spool, SpooledReport } from './spool.ts';

/** What became of a report that was handed in. */
export type Delivery = 'accepted' | 'spooled' | 'lost' | 'refused';

/** Told about each report that was tried. */
export type DeliveryListener = (report: SpooledReport, result: DeliveryResult, username: string) => void;

export interface OutboxDependencies {
  server: ReportServer;
  /** Credentials for an account; undefined means the agent's own account. */
  credentialsFor(account: string | undefined): Credentials;
  /** Undefined: what cannot be delivered is lost; the next snapshot replaces it. */
  spool: Spool | undefined;
  log: AgentLog;
  onDelivery?: DeliveryListener;
}

/** Delivers reports in order and keeps those that could not be delivered. */
export interface Outbox {
  deliver(report: SpooledReport, signal: AbortSignal): Promise<Delivery>;
  /** Tries what waits, the oldest first, until something must wait on. True when nothing is left. */
  flush(signal: AbortSignal): Promise<boolean>;
  /** Flushes again and again, with growing pauses while the server cannot be reached, until aborted. */
  run(signal: AbortSignal): Promise<void>;
}

const IDLE_MS = 30_000;

/** Creates an outbox. One report is under way at a time. */
export function createOutbox({ server, credentialsFor, spool, log, onDelivery }: OutboxDependencies): Outbox {
  let turn: Promise<unknown> = Promise.resolve();
  let retryAfter = 0;
  /** Reports may pass each other only through here. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = turn.then(work, work);
    turn = next.catch(() => undefined);
    return next;
  }

  async function attempt(report: SpooledReport, signal: AbortSignal): Promise<DeliveryResult> {
    const send = async (account: string | undefined): Promise<DeliveryResult> => {
      const credentials = credentialsFor(account);
      const result = await server.send(
        report.kind,
        report.report,
        { credentials, ...(account === undefined ? {} : { account }) },
        signal,
      );
      onDelivery?.({ ...report, ...(account === undefined ? {} : { account }) }, result, credentials.username);
      return result;
    };
    const { account, fallbackAccount, cluster } = report;
    const result = await send(account);
    const unknown = result.outcome === 'no_account' || result.outcome === 'forbidden';
    if (!unknown || fallbackAccount === undefined || fallbackAccount === account) return result;
    log.warn('the account does not take reports; using the fallback', {
      cluster,
      account,
      fallbackAccount,
      said: result.message,
    });
    return send(fallbackAccount);
  }

  /** Undefined: it must wait. */
  async function settle(report: SpooledReport, signal: AbortSignal): Promise<Delivery | undefined> {
    const result = await attempt(report, signal);
    const { cluster, account, timestamp } = report;
    if (result.outcome === 'accepted') {
      log.info('report accepted', { cluster, account, timestamp });
      return 'accepted';
    }
    if (result.outcome === 'later') {
      retryAfter = result.afterMs ?? 0;
      log.warn('report not delivered, to be tried again', { cluster, account, timestamp, reason: result.message });
      return undefined;
    }
    log.error('report refused', { cluster, account, timestamp, reason: result.message });
    return 'refused';
  }

  async function flushNow(signal: AbortSignal): Promise<boolean> {
    for (const name of (await spool?.names()) ?? []) {
      if (signal.aborted) return false;
      const report = await spool!.read(name);
      if (!report) log.warn('a damaged report was removed from the spool', { file: name });
      else if (!(await settle(report, signal))) return false;
      await spool!.remove(name);
    }
    return true;
  }

  return {
    deliver: (report, signal) =>
      inTurn(async () => {
        // what waits longer goes first; while that fails, this one waits too
        const clear = !spool || (await spool.names()).length === 0 || (await flushNow(signal));
        const settled = clear ? await settle(report, signal) : undefined;
        if (settled) return settled;
        if (!spool) return 'lost';
        const dropped = await spool.put(report);
        if (dropped > 0) log.warn('the spool is full; the oldest reports were dropped', { dropped });
        return 'spooled';
      }),
    flush: (signal) => inTurn(() => flushNow(signal)),
    async run(signal) {
      let failures = 0;
      while (!signal.aborted) {
        const waits = ((await spool?.names()) ?? []).length > 0;
        const clear = !waits || (await inTurn(() => flushNow(signal)).catch(() => false));
        failures = clear ? 0 : failures + 1;
        await pause(clear ? IDLE_MS : Math.max(retryAfter, backoff(failures)), signal);
      }
    },
  };
}
