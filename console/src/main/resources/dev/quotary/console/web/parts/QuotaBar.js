import { html } from '../lib/html.js';
import { amount, percent, toNumber } from '../lib/format.js';
import { limitState, meterName, windowName } from '../lib/words.js';

/** How much further than the maximum the bar may reach. */
const OVER_MAX = 1.35;
/** What is held shows, however little it is. */
const HELD_MIN = 0.6;

/**
 * What was used of a limit, solid, and what running calls hold, hatched; where the thresholds are, and where the maximum, if use went beyond it.
 *
 * @param {{ limit: any, thin?: boolean }} props
 */
export function QuotaBar({ limit, thin = false }) {
  const state = limitState(limit);
  const max = toNumber(limit.max);
  const used = toNumber(limit.used);
  const held = toNumber(limit.held);
  if (limit.unlimited) {
    return html`<div
      class="quota unlimited"
      data-thin=${thin ? '' : undefined}
      role="img"
      aria-label=${`${meterName(limit.meter)}: ${amount(limit.meter, used)} used, unlimited`}
    ></div>`;
  }
  const share = max > 0 ? used / max : used > 0 ? 1 : 0;
  const heldShare = max > 0 ? held / max : 0;
  const scale = Math.max(1, Math.min(OVER_MAX, share + heldShare));
  /** @param {number} part */
  const width = (part) => `${Math.min(100, (part / scale) * 100)}%`;
  return html`<div
    class="quota"
    data-tone=${state.tone}
    data-thin=${thin ? '' : undefined}
    role="meter"
    aria-label=${`${meterName(limit.meter)} ${windowName(limit.window)}`}
    aria-valuemin="0"
    aria-valuemax="100"
    aria-valuenow=${Math.min(100, Math.round((share + heldShare) * 100))}
    aria-valuetext=${`${amount(limit.meter, used)} of ${amount(limit.meter, max)} used, ${percent(share)}${held > 0 ? `, ${amount(limit.meter, held)} held` : ''}`}
  >
    <span class="track" style=${{ width: width(1) }}></span>
    <span class="used" style=${{ width: width(share) }}></span>
    ${
      held > 0 &&
      html`<span
      class="held"
      style=${{ left: width(share), width: `max(${HELD_MIN}%, ${width(heldShare)})` }}
    ></span>`
    }
    ${!thin && [0.5, 0.75, 0.9].map((at) => html`<span class="tick" key=${at} style=${{ left: width(at) }}></span>`)}
    ${scale > 1 && html`<span class="maximum" style=${{ left: width(1) }}></span>`}
  </div>`;
}
