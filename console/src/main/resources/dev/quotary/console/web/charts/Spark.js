import { html } from '../lib/html.js';
import { line } from './scale.js';

/**
 * The shape of a series, without numbers.
 *
 * @param {{ values: number[], width?: number, height?: number, color?: string, filled?: boolean }} props
 */
export function Spark({ values, width = 96, height = 28, color = 'var(--accent)', filled = true }) {
  if (values.length < 2) {
    return html`<svg class="spark" width=${width} height=${height} aria-hidden="true"></svg>`;
  }
  const max = Math.max(...values, 1e-9);
  const points = values.map((value, i) => [
    1 + (i / (values.length - 1)) * (width - 2),
    height - 2 - (value / max) * (height - 5),
  ]);
  const path = line(points);
  return html`<svg class="spark" width=${width} height=${height} viewBox=${`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
    ${filled && html`<path d=${`${path}L${width - 1},${height}L1,${height}Z`} fill=${color} opacity=".12" />`}
    <path
      d=${path}
      fill="none"
      stroke=${color}
      stroke-width="1.6"
      stroke-linejoin="round"
      vector-effect="non-scaling-stroke"
    />
  </svg>`;
}
