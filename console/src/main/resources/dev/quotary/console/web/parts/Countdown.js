import { html, useEffect, useState } from '../lib/html.js';
import { moment, span } from '../lib/format.js';

/**
 * How long until a window ends, counted down while it is looked at.
 *
 * @param {{ until: string | null, zone?: string }} props
 */
export function Countdown({ until, zone }) {
  const [now, setNow] = useState(Date.now());
  const left = until ? new Date(until).getTime() - now : 0;
  const soon = left < 3_600_000;
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), soon ? 1_000 : 30_000);
    return () => clearInterval(timer);
  }, [soon]);
  if (!until) {
    return html`<span>never resets</span>`;
  }
  return html`<time datetime=${until} title=${moment(until, zone)}>resets in ${span(left)}</time>`;
}
