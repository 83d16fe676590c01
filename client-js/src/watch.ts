import type { LiveEvent, LiveOptions } from './live.js';
import type { UsageStatus } from './types.js';

/** Whoever can say how limits stand: a {@link Quotary}, or one's own server that asks it. */
export interface StatusSource {
  status(subject?: string): Promise<UsageStatus>;
  /** Tells what happens as it happens, until what it answers is called; where there is no such thing, status is asked for by the clock alone. */
  listen?(options: LiveOptions): () => void;
}

export interface Watch {
  /** Asks now. */
  refresh(): Promise<void>;
  stop(): void;
}

export interface WatchOptions {
  subject?: string;
  /** How often to ask; once a minute if not named, and not more often than once a second. */
  refreshMs?: number;
  /** Whether to ask as soon as something happens, too; true if not named. */
  live?: boolean;
  onStatus: (status: UsageStatus) => void;
  onError?: (error: unknown) => void;
}

const REFRESH_MS = 60_000;
const REFRESH_MIN_MS = 1_000;
/** However much happens, status is asked for so often at most. */
const LIVE_PAUSE_MS = 250;
/** What may change how limits stand; what is missing (`reset`) may have. */
const TELLING = new Set(['open', 'usage', 'status', 'decision', 'reset']);

/**
 * Tells how limits stand, at once and again and again, until it is stopped: as soon as something happens, where the source can listen, and by the
 * clock in any case, so that nothing depends on a connection that stays. Answers that were overtaken by later ones are not told.
 */
export function watchStatus(source: StatusSource, options: WatchOptions): Watch {
  const every = Math.max(options.refreshMs ?? REFRESH_MS, REFRESH_MIN_MS);
  let stopped = false;
  let asked = 0;
  let told = 0;
  const refresh = async () => {
    const number = ++asked;
    try {
      const status = await source.status(options.subject);
      if (stopped || number < told) return;
      told = number;
      options.onStatus(status);
    } catch (e) {
      if (!stopped && number >= told) options.onError?.(e);
    }
  };
  const timer = setInterval(() => void refresh(), every);
  (timer as { unref?: () => void }).unref?.();
  let soon: ReturnType<typeof setTimeout> | undefined;
  const heard = (event: LiveEvent) => {
    if (stopped || soon !== undefined || !TELLING.has(event.type)) return;
    soon = setTimeout(() => {
      soon = undefined;
      void refresh();
    }, LIVE_PAUSE_MS);
  };
  const silence =
    options.live === false
      ? undefined
      : source.listen?.({ ...(options.subject === undefined ? {} : { subject: options.subject }), onEvent: heard });
  void refresh();
  return {
    refresh,
    stop: () => {
      stopped = true;
      clearInterval(timer);
      clearTimeout(soon);
      silence?.();
    },
  };
}
