import { html, useId } from '../lib/html.js';
import { amount, axis, percent } from '../lib/format.js';
import { handlers } from './crosshair.js';
import { roundedTop, ticks } from './scale.js';
import { Tip } from './Tip.js';
import { useWidth } from './useWidth.js';

const MARGIN = { left: 52, right: 8, top: 14, bottom: 26 };
const LABEL_WIDTH = 62;
const ROWS_MAX = 9;
const RADIUS = 3.5;

/**
 * @typedef {{ key: string, color: string, values: number[] }} Stack
 * @typedef {{ start: string, label: string, long: string }} Bucket
 */

/**
 * @param {{ stacks: Stack[], at: number, total: number, bucket: Bucket, meter: string, partial: boolean }} props
 */
function Said({ stacks, at, total, bucket, meter, partial }) {
  const rows = stacks.filter((stack) => stack.values[at] > 0).sort((one, other) => other.values[at] - one.values[at]);
  return html`<div class="tip-head">${bucket.long}${partial && html`<em>so far</em>`}</div>
    ${rows.slice(0, ROWS_MAX).map(
      (stack) =>
        html`<div class="tip-row" key=${stack.key}>
          <i style=${{ background: stack.color }}></i><span>${stack.key}</span><b>${amount(meter, stack.values[at])}</b>
          <small>${percent(stack.values[at] / total)}</small>
        </div>`,
    )}
    ${rows.length > ROWS_MAX && html`<div class="tip-row"><span>and ${rows.length - ROWS_MAX} more</span></div>`}
    <div class="tip-total"><span>Total</span><b>${amount(meter, total)}</b></div>`;
}

/**
 * Sums over time, by group; the bucket that has not ended yet is hatched.
 *
 * @param {{ buckets: Bucket[], stacks: Stack[], meter: string, height?: number, at: import('../lib/html.js').Signal<number>,
 *   focus?: string | null, partial?: boolean, label: string, ahead?: { bucket: Bucket, value: number, low: number, high: number }[] }} props
 *   `partial`: whether the last bucket has not ended
 */
export function StackedBars({ buckets, stacks, meter, height = 290, at, focus, partial = false, label, ahead = [] }) {
  const [ref, width] = useWidth();
  const id = useId();
  const all = [...buckets, ...ahead.map((one) => one.bucket)];
  const totals = buckets.map((_, i) => stacks.reduce((sum, stack) => sum + stack.values[i], 0));
  const inner = {
    width: Math.max(10, width - MARGIN.left - MARGIN.right),
    height: height - MARGIN.top - MARGIN.bottom,
  };
  const scale = ticks(Math.max(...totals, ...ahead.map((one) => one.high), 1e-9));
  const top = scale[scale.length - 1];
  /** @param {number} value */
  const y = (value) => MARGIN.top + inner.height * (1 - value / top);
  const band = inner.width / all.length;
  const gap = Math.max(1, Math.min(10, band * 0.26));
  /** @param {number} i */
  const x = (i) => MARGIN.left + i * band;
  const every = Math.ceil(all.length / Math.max(2, Math.floor(inner.width / LABEL_WIDTH)));
  const here = at.value < all.length ? at.value : -1;
  const on = handlers(at, all.length, (px) => Math.floor((px - MARGIN.left) / band));
  const sum = totals.reduce((one, other) => one + other, 0);
  const said =
    here < 0
      ? ''
      : `${all[here].long}: ${amount(meter, here < buckets.length ? totals[here] : ahead[here - buckets.length].value)}${here < buckets.length ? '' : ', forecast'}`;

  /** @param {number} i */
  function bar(i) {
    let below = 0;
    const shown = stacks.filter((stack) => stack.values[i] > 0);
    return html`<g class="bar" key=${i} data-dim=${here >= 0 && here !== i ? '' : undefined}>
      ${shown.map((stack, k) => {
        const upper = y(below + stack.values[i]);
        const lower = y(below);
        below += stack.values[i];
        const last = k === shown.length - 1;
        return html`<path
          key=${stack.key}
          class="piece"
          data-off=${focus && focus !== stack.key ? '' : undefined}
          d=${roundedTop(x(i) + gap / 2, upper, band - gap, Math.max(0, lower - upper - (k > 0 ? 0.75 : 0)), last ? RADIUS : 0)}
          fill=${stack.color}
        />`;
      })}
      ${
        partial &&
        i === buckets.length - 1 &&
        below > 0 &&
        html`
        <path
          d=${roundedTop(x(i) + gap / 2, y(below), band - gap, y(0) - y(below), RADIUS)}
          fill=${`url(#${id}-veil)`}
        />
      `
      }
    </g>`;
  }
  /** @param {{ value: number, low: number, high: number }} one @param {number} k */
  function guess(one, k) {
    const left = x(buckets.length + k) + gap / 2;
    const middle = left + (band - gap) / 2;
    return html`<g class="bar" key=${`f${k}`} data-dim=${here >= 0 && here !== buckets.length + k ? '' : undefined}>
      <path
        class="guess"
        d=${roundedTop(left, y(one.value), band - gap, y(0) - y(one.value), RADIUS)}
        fill=${`url(#${id}-hatch)`}
      />
      ${
        band - gap > 6 &&
        html`
        <path
          class="whisker"
          d=${`M${middle},${y(one.low)}V${y(one.high)}M${middle - 3},${y(one.high)}h6M${middle - 3},${y(one.low)}h6`}
        />
      `
      }
    </g>`;
  }
  return html`<div class="chart" ref=${ref} style=${{ minHeight: `${height}px` }}>
    ${
      width > 0 &&
      html`<svg width=${width} height=${height} tabindex="0" role="img" aria-label=${`${label}: ${amount(meter, sum)} in ${buckets.length} bars. Left and right arrow keys tell each.`} ...${on}>
      <defs>
        <pattern id=${`${id}-hatch`} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="5" height="5" class="hatch-ground" /><line x1="0" y1="0" x2="0" y2="5" class="hatch-line" />
        </pattern>
        <pattern id=${`${id}-veil`} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line x1="0" y1="0" x2="0" y2="5" class="veil-line" />
        </pattern>
      </defs>
      ${scale.map(
        (value) =>
          html`<g key=${value}>
            <line
              class="grid-line"
              x1=${MARGIN.left}
              x2=${width - MARGIN.right}
              y1=${y(value)}
              y2=${y(value)}
              data-zero=${value === 0 ? '' : undefined}
            />
            <text class="axis" x=${MARGIN.left - 10} y=${y(value) + 4} text-anchor="end">${axis(meter, value, scale[1])}</text>
          </g>`,
      )}
      ${here >= 0 && html`<rect class="cross" x=${x(here)} width=${band} y=${MARGIN.top} height=${inner.height} rx="4" />`}
      ${buckets.map((_, i) => bar(i))} ${ahead.map(guess)}
      ${
        ahead.length > 0 &&
        html`
          <g class="today">
            <line
              x1=${x(buckets.length)}
              x2=${x(buckets.length)}
              y1=${MARGIN.top - 4}
              y2=${MARGIN.top + inner.height}
            />
            <text x=${x(buckets.length) + 6} y=${MARGIN.top + 5}>Forecast</text>
          </g>
        `
      }
      ${all.map((bucket, i) => (all.length - 1 - i) % every === 0 && html`<text key=${i} class="axis" x=${x(i) + band / 2} y=${height - 7} text-anchor="middle">${bucket.label}</text>`)}
    </svg>`
    }
    ${
      here >= 0 &&
      width > 0 &&
      html`<${Tip} x=${x(here) + band / 2} within=${width}>
      ${
        here < buckets.length
          ? html`
            <${Said}
              stacks=${stacks}
              at=${here}
              total=${totals[here]}
              bucket=${buckets[here]}
              meter=${meter}
              partial=${partial && here === buckets.length - 1}
            />
          `
          : html`<div class="tip-head">${all[here].long}<em>forecast</em></div>
            <div class="tip-row"><span>Expected</span><b>${amount(meter, ahead[here - buckets.length].value)}</b></div>
            <div class="tip-row">
              <span>Between</span>
              <b>${amount(meter, ahead[here - buckets.length].low)} – ${amount(meter, ahead[here - buckets.length].high)}</b>
            </div>`
      }
    <//>`
    }
    <div class="unseen" aria-live="polite">${said}</div>
  </div>`;
}
