import { useCallback, useEffect, useRef, useState } from 'react';
import type { Call, Decision, UsageQuery, UsageStats, UsageStatus } from './types.js';
import { watchStatus, type StatusSource, type Watch } from './watch.js';

export interface UsageSource extends StatusSource {
  check(call: Call): Promise<Decision>;
  /** Where it is not there, `getUsageStats` of the hook is refused. */
  getUsageStats?(query?: UsageQuery): Promise<UsageStats>;
}

export interface UseUsageOptions {
  subject?: string;
  /** How often to ask; once a minute if not named. */
  refreshMs?: number;
  /** Whether to ask as soon as something happens, too; true if not named. */
  live?: boolean;
}

export interface UseUsage {
  /** Undefined until the first answer. */
  usageStatus: UsageStatus | undefined;
  loading: boolean;
  /** Of the last attempt; the last status stays beside it. */
  error: unknown;
  /** Asks now. */
  refresh: () => Promise<void>;
  /** Whether a call would be admitted; holds nothing. */
  checkQuota: (call: Call) => Promise<Decision>;
  /** What was used, over time and by group. */
  getUsageStats: (query?: UsageQuery) => Promise<UsageStats>;
}

interface State {
  status: UsageStatus | undefined;
  error: unknown;
}

const LOADING: State = { status: undefined, error: undefined };

/**
 * How limits stand, kept fresh by what the server tells as it happens, and by asking again.
 *
 * @param source a `Quotary`, the same one at every render
 */
export function useUsage(source: UsageSource, options: UseUsageOptions = {}): UseUsage {
  const { subject, refreshMs, live } = options;
  const [state, setState] = useState<State>(LOADING);
  const watch = useRef<Watch | undefined>(undefined);
  useEffect(() => {
    setState(LOADING);
    const started = watchStatus(source, {
      ...(subject === undefined ? {} : { subject }),
      ...(refreshMs === undefined ? {} : { refreshMs }),
      ...(live === undefined ? {} : { live }),
      onStatus: (status) => setState({ status, error: undefined }),
      onError: (error) => setState((before) => ({ status: before.status, error })),
    });
    watch.current = started;
    return () => started.stop();
  }, [source, subject, refreshMs, live]);
  const refresh = useCallback(async () => watch.current?.refresh(), []);
  const checkQuota = useCallback(
    (call: Call) => source.check(subject === undefined ? call : { subject, ...call }),
    [source, subject],
  );
  const getUsageStats = useCallback(
    async (query: UsageQuery = {}) => {
      if (source.getUsageStats === undefined) throw new Error('This source has no statistics');
      return source.getUsageStats(subject === undefined ? query : { subject, ...query });
    },
    [source, subject],
  );
  return {
    usageStatus: state.status,
    loading: state.status === undefined && state.error === undefined,
    error: state.error,
    refresh,
    checkQuota,
    getUsageStats,
  };
}
