import type { UsageStatus } from './types.js';

/** Whoever can say how limits stand: a {@link Quotary}, or one's own server that asks it. */
export interface StatusSource {
  status(subject?: string): Promise<UsageStatus>;
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
  onStatus: (status: UsageStatus) => void;
  onError?: (error: unknown) => void;
}

const REFRESH_MS = 60_000;
const REFRESH_MIN_MS = 1_000;

/**
 * Tells how limits stand, at once and again and again, until it is stopped. By asking: the server does not push yet. Answers that were
 * overtaken by later ones are not told.
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
  void refresh();
  return {
    refresh,
    stop: () => {
      stopped = true;
      clearInterval(timer);
    },
  };
}
