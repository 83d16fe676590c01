import { html } from '../lib/html.js';
import { amount, axis } from '../lib/format.js';
import { handlers } from './crosshair.js';
import { line, ticks } from './scale.js';
import { Tip } from './Tip.js';
import { useWidth } from './useWidth.js';

const MARGIN = { left: 52, right: 16, top: 14, bottom: 26 };
const LABEL_WIDTH = 62;

/**
 * The runs of a series between gaps: an average of nothing is nothing, not 0.
 *
 * @param {(number | null)[]} values
 */
function runs(values) {
  /** @type {number[][]} */
  const found = [];
  /** @type {number[]} */
  let run = [];
  values.forEach((value, i) => {
    if (value === null) {
      run = [];
    } else {
      if (run.length === 0) {
        found.push(run);
      }
      run.push(i);
    }
  });
  return found;
}

/**
 * Values over time that do not add up, such as averages, percentiles and running totals.
 *
 * @param {{ buckets: { start: string, label: string, long: string }[], series: { key: string, color: string, values: (number | null)[], dashed?: boolean }[],
 *   meter: string, height?: number, at: import('../lib/html.js').Signal<number>, label: string, area?: boolean, format?: (value: number) => string,
 *   limit?: { value: number, name: string } | null }} props
 */
export function Lines({
  buckets,
  series,
  meter,
  height = 250,
  at,
  label,
  area = false,
  format = (value) => amount(meter, value),
  limit = null,
}) {
  const [ref, width] = useWidth();
  const inner = {
    width: Math.max(10, width - MARGIN.left - MARGIN.right),
    height: height - MARGIN.top - MARGIN.bottom,
  };
  const values = series.flatMap((one) => one.values.filter((value) => value !== null));
  const most = Math.max(...values, 1e-9);
  const shownLimit = limit && limit.value < most * 3 ? limit : null;
  const scale = ticks(Math.max(most, shownLimit ? shownLimit.value * 1.04 : 0));
  const top = scale[scale.length - 1];
  /** @param {number} value */
  const y = (value) => MARGIN.top + inner.height * (1 - value / top);
  const step = inner.width / Math.max(1, buckets.length - 1);
  /** @param {number} i */
  const x = (i) => MARGIN.left + i * step;
  const every = Math.ceil(buckets.length / Math.max(2, Math.floor(inner.width / LABEL_WIDTH)));
  const here = at.value < buckets.length ? at.value : -1;
  const on = handlers(at, buckets.length, (px) => Math.round((px - MARGIN.left) / step));
  return html`<div class="chart" ref=${ref} style=${{ minHeight: `${height}px` }}>
    ${
      width > 0 &&
      html`<svg width=${width} height=${height} tabindex="0" role="img" aria-label=${`${label}. Left and right arrow keys tell each value.`} ...${on}>
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
            <text
              class="axis"
              x=${MARGIN.left - 10}
              y=${y(value) + 4}
              text-anchor="end"
            >${meter === 'cost' ? axis(meter, value, scale[1]) : format(value)}</text>
          </g>`,
      )}
      ${
        shownLimit &&
        html`
          <g class="limit-line">
            <line x1=${MARGIN.left} x2=${width - MARGIN.right} y1=${y(shownLimit.value)} y2=${y(shownLimit.value)} />
            <text
              x=${MARGIN.left + 6}
              y=${y(shownLimit.value) - 6}
            >${shownLimit.name} ${format(shownLimit.value)}</text>
          </g>
        `
      }
      ${series.map((one) =>
        runs(one.values).map((run) => {
          const path = line(run.map((i) => [x(i), y(/** @type {number} */ (one.values[i]))]));
          return html`<g key=${one.key + run[0]}>
            ${
              area &&
              !one.dashed &&
              html`
              <path
                d=${`${path}L${x(run[run.length - 1])},${y(0)}L${x(run[0])},${y(0)}Z`}
                fill=${one.color}
                opacity=".13"
              />
            `
            }
            <path
              class="curve"
              data-dashed=${one.dashed ? '' : undefined}
              d=${run.length > 1 ? path : `${path}h0.01`}
              stroke=${one.color}
            />
          </g>`;
        }),
      )}
      ${
        here >= 0 &&
        html`<g class="cross-line"><line x1=${x(here)} x2=${x(here)} y1=${MARGIN.top} y2=${MARGIN.top + inner.height} />
        ${series.map(
          (one) =>
            one.values[here] !== null &&
            one.values[here] !== undefined &&
            html`
          <circle
            key=${one.key}
            cx=${x(here)}
            cy=${y(/** @type {number} */ (one.values[here]))}
            r="4"
            fill=${one.color}
          />
        `,
        )}</g>`
      }
      ${buckets.map((bucket, i) => (buckets.length - 1 - i) % every === 0 && html`<text key=${i} class="axis" x=${x(i)} y=${height - 7} text-anchor="middle">${bucket.label}</text>`)}
    </svg>`
    }
    ${
      here >= 0 &&
      width > 0 &&
      html`<${Tip} x=${x(here)} within=${width}>
      <div class="tip-head">${buckets[here].long}</div>
      ${series.map(
        (one) => html`
        <div class="tip-row" key=${one.key}>
          <i style=${{ background: one.color }}>
          </i>
          <span>${one.key}</span>
          <b>${one.values[here] === null || one.values[here] === undefined ? '–' : format(/** @type {number} */ (one.values[here]))}</b>
        </div>
      `,
      )}
    <//>`
    }
    <div class="unseen" aria-live="polite">${here >= 0 ? `${buckets[here].long}: ${series.map((one) => `${one.key} ${one.values[here] === null || one.values[here] === undefined ? 'nothing' : format(/** @type {number} */ (one.values[here]))}`).join(', ')}` : ''}</div>
  </div>`;
}
