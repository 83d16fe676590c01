import { html } from '../lib/html.js';
import { get } from '../lib/api.js';
import { ago, integer, moment } from '../lib/format.js';
import { useLoad } from '../lib/load.js';
import { Card } from '../parts/Card.js';
import { Empty, Failed, Loading } from '../parts/states.js';

const SHOWN_MAX = 8;

/** @param {{ id: string }} props */
export function Resets({ id }) {
  const { data, error, reload } = useLoad(
    (signal) => get(`/api/v1/subjects/${encodeURIComponent(id)}/resets`, {}, signal),
    [id],
  );
  return html`<${Card} title="Resets" about="Use that was set back by hand; the events stay">
    ${error && html`<${Failed} error=${error} onRetry=${reload} />`} ${!data && !error && html`<${Loading} />`}
    ${
      data &&
      (data.resets.length === 0
        ? html`<${Empty} icon="reset" title="Never reset">Windows begin anew by themselves.<//>`
        : html`<ul class="lines">
          ${data.resets.slice(0, SHOWN_MAX).map(
            (/** @type {any} */ one) =>
              html`<li key=${one.at + one.counted}>
                <span><b>${one.counted}</b><small title=${moment(one.at)}>${ago(one.at)} by ${one.by}</small></span>
                <span class="end">
                  <b class="number">−${typeof one.amount === 'number' ? integer(one.amount) : `$${one.amount}`}</b>
                </span>
              </li>`,
          )}
        </ul>`)
    }
  <//>`;
}
