import { json } from '../database/json.ts';
import type { Db } from '../database/types.ts';

/** Milliseconds between two writes of one job's progress. */
const PAUSE = 500;

/** Writes a job's progress now and then; the last value is always written. */
export class Progress {
  readonly #db: Db;
  readonly #id: string;
  #latest: Record<string, unknown> | undefined;
  #writing: Promise<void> | undefined;
  #written = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #report: (error: unknown) => void;

  constructor(db: Db, id: string, report: (error: unknown) => void) {
    this.#db = db;
    this.#id = id;
    this.#report = report;
  }

  /** Takes a value; resolves at once unless it is time to write. */
  async set(value: Record<string, unknown>): Promise<void> {
    this.#latest = value;
    if (this.#writing) return;
    const wait = this.#written + PAUSE - Date.now();
    if (wait <= 0) return this.flush();
    this.#timer ??= setTimeout(() => void this.flush().catch(this.#report), wait);
    this.#timer.unref();
  }

  /** Writes what was not written yet. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#writing;
    const value = this.#latest;
    if (!value) return;
    this.#latest = undefined;
    this.#written = Date.now();
    this.#writing = this.#write(json(value));
    try {
      await this.#writing;
    } finally {
      this.#writing = undefined;
    }
  }

  async #write(progress: string): Promise<void> {
    await this.#db
      .insertInto('job_progress')
      .values({ job_id: this.#id, progress, updated_at: new Date() })
      .onConflict((conflict) => conflict.column('job_id').doUpdateSet({ progress, updated_at: new Date() }))
      .execute();
  }
}
