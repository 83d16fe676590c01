import { useCallback, useEffect, useRef, useState } from 'react';
import type { Call, Decision, UsageStatus } from './types.js';
import { watchStatus, type StatusSource, type Watch } from './watch.js';

export interface UsageSource extends StatusSource {
  check(call: Call): Promise<Decision>;
}

export interface UseUsageOptions {
  subject?: string;
  /** How often to ask; once a minute if not named. */
  refreshMs?: number;
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
}

interface State {
  status: UsageStatus | undefined;
  error: unknown;
}

const LOADING: State = { status: undefined, error: undefined };

/**
 * How limits stand, kept fresh by asking again; live push is not there yet.
 *
 * @param source a `Quotary`, the same one at every render
 */
export function useUsage(source: UsageSource, options: UseUsageOptions = {}): UseUsage {
  const { subject, refreshMs } = options;
  const [state, setState] = useState<State>(LOADING);
  const watch = useRef<Watch | undefined>(undefined);
  useEffect(() => {
    setState(LOADING);
    const started = watchStatus(source, {
      ...(subject === undefined ? {} : { subject }),
      ...(refreshMs === undefined ? {} : { refreshMs }),
      onStatus: (status) => setState({ status, error: undefined }),
      onError: (error) => setState((before) => ({ status: before.status, error })),
    });
    watch.current = started;
    return () => started.stop();
  }, [source, subject, refreshMs]);
  const refresh = useCallback(async () => watch.current?.refresh(), []);
  const checkQuota = useCallback(
    (call: Call) => source.check(subject === undefined ? call : { subject, ...call }),
    [source, subject],
  );
  return {
    usageStatus: state.status,
    loading: state.status === undefined && state.error === undefined,
    error: state.error,
    refresh,
    checkQuota,
  };
}
