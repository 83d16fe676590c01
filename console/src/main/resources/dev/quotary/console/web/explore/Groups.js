import { html, useState } from '../lib/html.js';
import { percent, toNumber } from '../lib/format.js';
import { valueOf, valuesOf } from '../lib/usage.js';
import { Spark } from '../charts/Spark.js';
import { Card } from '../parts/Card.js';
import { Delta } from '../parts/Delta.js';
import { setQuery } from '../lib/router.js';

/**
 * The groups of an answer as a list that can be sorted; a click narrows the question down to one.
 *
 * @param {{ answer: any, meter: string, by: string, format: (value: number) => string, adds: boolean }} props
 */
export function Groups({ answer, meter, by, format, adds }) {
  const [sort, setSort] = useState({ by: 'value', up: false });
  if (!by || answer.series.length < 2) {
    return null;
  }
  const sum =
    answer.series.reduce(
      (/** @type {number} */ all, /** @type {any} */ one) => all + toNumber(valueOf(one.total[meter])),
      0,
    ) || 1;
  const rows = answer.series
    .map((/** @type {any} */ one) => ({
      ...one,
      number: toNumber(valueOf(one.total[meter])),
      before: answer.previous
        ? toNumber(
            valueOf(answer.previous.series.find((/** @type {any} */ other) => other.key === one.key)?.total[meter]),
          )
        : null,
    }))
    .sort(
      (/** @type {any} */ one, /** @type {any} */ other) =>
        (sort.by === 'name' ? one.key.localeCompare(other.key) : one.number - other.number) * (sort.up ? 1 : -1),
    );
  const simple = !by.includes(',') && ['model', 'provider', 'feature', 'subject', 'outcome'].includes(by);
  /** @param {string} name @param {string} text @param {string} [side] */
  const head = (name, text, side = '') =>
    html`<th scope="col" class=${side} aria-sort=${sort.by === name ? (sort.up ? 'ascending' : 'descending') : 'none'}>
      <button
        type="button"
        onClick=${() => setSort({ by: name, up: sort.by === name ? !sort.up : name === 'name' })}
      >${text}<span class="arrow" aria-hidden="true">${sort.by === name ? (sort.up ? '↑' : '↓') : ''}</span>
      </button>
    </th>`;
  return html`<${Card} title="Groups" about=${simple ? 'Choose one to look at it alone' : 'Largest first'}>
    <div class="table-frame" tabindex="0" role="region" aria-label="Groups of the answer">
      <table class="table">
        <thead>
          <tr>${head('name', by.replaceAll('_', ' ').replace(',', ' / '))} ${head('value', 'Value', 'right')} ${adds && html`<th scope="col">Share</th>`} ${answer.previous && html`<th scope="col" class="right">Before</th><th scope="col" class="right">Change</th>`}<th scope="col" class="right">Trend</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (/** @type {any} */ one) =>
              html`<tr key=${one.key}>
                <th scope="row">
                  <span class="swatch" style=${{ background: one.color }}></span>${
                    simple && !one.other && one.value
                      ? html`
                        <button
                          class="row-button"
                          type="button"
                          onClick=${() => setQuery({ [by]: one.value, by: null }, true)}
                        >${one.key}</button>
                      `
                      : one.key
                  }
                </th>
                <td class="right strong">${format(one.number)}</td>
                ${
                  adds &&
                  html`
                  <td>
                    <span class="share">
                      <i style=${{ width: `${(one.number / sum) * 100}%`, background: one.color }}>
                      </i>
                    </span> <span class="number">${percent(one.number / sum)}</span>
                  </td>
                `
                }
                ${
                  answer.previous &&
                  html`
                  <td class="right">${format(one.before)}</td>
                  <td class="right">
                    <${Delta} now=${one.number} before=${one.before} />
                  </td>
                `
                }
                <td class="right">
                  <${Spark} values=${valuesOf(one, meter)} width=${110} height=${24} color=${one.color} />
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  <//>`;
}
