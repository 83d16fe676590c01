import { useCallback, useEffect, useRef, useState } from './html.js';

/**
 * @template T
 * @typedef {object} Loaded
 * @property {T | null} data what came last, also while more is on its way
 * @property {Error | null} error
 * @property {boolean} loading
 * @property {() => void} reload
 */

/**
 * Loads something when a component appears, and anew whenever what it depends on changes. An answer that was overtaken is thrown away.
 *
 * @template T
 * @param {(signal: AbortSignal) => Promise<T>} ask
 * @param {unknown[]} on
 * @returns {Loaded<T>}
 */
export function useLoad(ask, on) {
  const [state, setState] = useState(
    /** @type {{ data: T | null, error: Error | null, loading: boolean }} */ ({
      data: null,
      error: null,
      loading: true,
    }),
  );
  const [turn, setTurn] = useState(0);
  const asking = useRef(ask);
  asking.current = ask;
  useEffect(() => {
    const abort = new AbortController();
    setState((before) => ({ ...before, loading: true }));
    asking.current(abort.signal).then(
      (data) => !abort.signal.aborted && setState({ data, error: null, loading: false }),
      (error) => !abort.signal.aborted && setState((before) => ({ data: before.data, error, loading: false })),
    );
    return () => abort.abort();
  }, [...on, turn]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  return { ...state, reload };
}
