import { RequestRefusedError } from './errors.js';
import type { Transport } from './transport.js';

/** A usage to be sent: where to, and what. It has the same id whenever it is sent, so it counts once. */
export interface Entry {
  id: string;
  path: string;
  body: unknown;
}

export interface UnsentOptions {
  /** How many are kept at most; 1,000 if not named. */
  max: number;
  pauseMinMs: number;
  pauseMaxMs: number;
  /** Hears of what is lost: refused for good, or without room. */
  onDropped: (id: string, reason: string) => void;
}

/** Keeps in memory what could not be sent, in its order, and sends it again: ever more seldom as long as the server is away. */
export class Unsent {
  private readonly entries: Entry[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pauseMs: number;
  private sending: Promise<void> | undefined;

  constructor(
    private readonly transport: Transport,
    private readonly options: UnsentOptions,
  ) {
    this.pauseMs = options.pauseMinMs;
  }

  get size(): number {
    return this.entries.length;
  }

  /** False if there is no room: it is lost, and told. */
  keep(entry: Entry): boolean {
    if (this.entries.length >= this.options.max) {
      this.options.onDropped(entry.id, 'there is no room to keep it');
      return false;
    }
    this.entries.push(entry);
    this.later();
    return true;
  }

  /** Sends now what is kept; true once nothing is left. */
  async flush(): Promise<boolean> {
    this.stop();
    this.sending ??= this.send().finally(() => (this.sending = undefined));
    await this.sending;
    if (this.entries.length > 0) this.later();
    return this.entries.length === 0;
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private later(): void {
    if (this.timer !== undefined || this.sending !== undefined) return;
    this.timer = setTimeout(() => void this.flush(), this.pauseMs);
    // A process that has nothing else to do may end.
    (this.timer as { unref?: () => void }).unref?.();
    this.pauseMs = Math.min(this.pauseMs * 2, this.options.pauseMaxMs);
  }

  private async send(): Promise<void> {
    for (let head = this.entries[0]; head !== undefined; head = this.entries[0]) {
      try {
        await this.transport.call('POST', head.path, head.body);
        this.pauseMs = this.options.pauseMinMs;
      } catch (e) {
        if (!(e instanceof RequestRefusedError) || e.status === 401) return;
        this.options.onDropped(head.id, e.message);
      }
      this.entries.shift();
    }
  }
}
