import { html, useEffect, useMemo } from '../lib/html.js';
import { crosshair } from '../charts/crosshair.js';
import { connect, pulse, state } from '../lib/live.js';
import { useLoad } from '../lib/load.js';
import { span } from '../lib/range.js';
import { param } from '../lib/router.js';
import { organization } from '../lib/session.js';
import { ask } from '../lib/usage.js';
import { PageHead } from '../parts/PageHead.js';
import { RangePicker } from '../parts/RangePicker.js';
import { Failed } from '../parts/states.js';
import { CumulativeSpend } from '../overview/CumulativeSpend.js';
import { DangerBanner } from '../overview/DangerBanner.js';
import { Kpis } from '../overview/Kpis.js';
import { LimitsInDanger } from '../overview/LimitsInDanger.js';
import { LiveDecisions } from '../overview/LiveDecisions.js';
import { TopSubjects } from '../overview/TopSubjects.js';
import { UsageOverTime } from '../overview/UsageOverTime.js';

/** Sums are asked for again at most this often, however much happens. */
const REFRESH_MILLIS = 4_000;
const METERS = [
  'cost',
  'tokens',
  'tokens.input',
  'tokens.output',
  'requests',
  'errors',
  'events',
  'subjects',
  'success_rate',
  'latency_ms',
];

function LivePill() {
  const word = { live: 'Live', connecting: 'Connecting', paused: 'Paused', away: 'Reconnecting' }[state.value];
  return html`<span class="live-pill" data-state=${state.value} role="status"><i></i>${word}</span>`;
}

/** Looks again once something was used, and at most so often. @param {() => void} reload */
function useRefresh(reload) {
  useEffect(() => {
    let seen = pulse.peek();
    const timer = setInterval(() => {
      if (pulse.peek() !== seen && !document.hidden) {
        seen = pulse.peek();
        reload();
      }
    }, REFRESH_MILLIS);
    return () => clearInterval(timer);
  }, [reload]);
}

/** How things are: what was used, what it costs, what is close to its end, what happens now. */
export function Overview() {
  useEffect(connect, []);
  const range = span();
  const at = useMemo(crosshair, []);
  const key = organization.value?.key;
  const place = `${key} ${range.name} ${range.from} ${range.to} ${range.zone}`;
  const totals = useLoad((signal) => ask({ meters: METERS, range, compare: true }, signal), [place]);
  useRefresh(totals.reload);
  return html`<${PageHead} title="Overview" about=${html`${organization.value?.name ?? key}, <b>${range.words}</b>`}>
      <${LivePill} /><${RangePicker} />
    <//>
    <${DangerBanner} on=${place} />
    ${totals.error && html`<${Failed} error=${totals.error} onRetry=${totals.reload} />`}
    <${Kpis} answer=${totals.data} range=${range} />
    <div class="grid main-and-side">
      <${UsageOverTime}
        range=${range}
        at=${at}
        on=${place}
        group=${param('by') || 'model'}
        meter=${param('meter') || 'cost'}
      />
      <${LimitsInDanger} on=${place} />
    </div>
    <div class="grid halves">
      <${CumulativeSpend} answer=${totals.data} range=${range} at=${at} />
      <${LiveDecisions} />
    </div>
    <${TopSubjects} range=${range} on=${place} />`;
}
