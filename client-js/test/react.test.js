// The hook, rendered by React's test renderer over a source that the test holds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createElement } from 'react';
import renderer from 'react-test-renderer';
import { useUsage } from '../dist/react.js';

const { act, create } = renderer;
globalThis.IS_REACT_ACT_ENVIRONMENT = true;

const status = (used) => ({ state: 'ok', limits: [{ limit: 'tokens', used, max: 100, percent: used }] });

/** A source whose answers come when the test says. */
function source() {
  const asked = [];
  const checks = [];
  return {
    asked,
    checks,
    status: (subject) => new Promise((resolve, reject) => asked.push({ subject, resolve, reject })),
    check: async (call) => (checks.push(call), { allowed: true }),
  };
}

/** Renders the hook; `seen` is what it answered last. */
async function render(over, options) {
  const rendered = { seen: undefined };
  const Probe = (props) => {
    rendered.seen = useUsage(props.over, props.options);
    return null;
  };
  const element = (options) => createElement(Probe, { over, options });
  let root;
  await act(async () => (root = create(element(options))));
  rendered.again = (options) => act(async () => root.update(element(options)));
  rendered.unmount = () => act(async () => root.unmount());
  return rendered;
}

test('hook loads, shows the status, and refreshes', async () => {
  const over = source();
  const rendered = await render(over, { subject: 'ada' });
  assert.equal(rendered.seen.loading, true);
  assert.equal(rendered.seen.usageStatus, undefined);
  await act(async () => over.asked[0].resolve(status(37)));
  assert.equal(rendered.seen.loading, false);
  assert.equal(rendered.seen.usageStatus.limits[0].used, 37);
  assert.equal(over.asked[0].subject, 'ada');
  await act(async () => {
    void rendered.seen.refresh();
    over.asked[1].resolve(status(38));
  });
  assert.equal(rendered.seen.usageStatus.limits[0].used, 38);
  await rendered.unmount();
});

test('failure is shown beside the last status, and an overtaken answer is not', async () => {
  const over = source();
  const rendered = await render(over);
  await act(async () => over.asked[0].resolve(status(1)));
  await act(async () => {
    void rendered.seen.refresh();
    void rendered.seen.refresh();
    over.asked[2].resolve(status(3));
  });
  await act(async () => over.asked[1].resolve(status(2)));
  assert.equal(rendered.seen.usageStatus.limits[0].used, 3);
  await act(async () => {
    void rendered.seen.refresh();
    over.asked[3].reject(new Error('away'));
  });
  assert.equal(rendered.seen.error.message, 'away');
  assert.equal(rendered.seen.usageStatus.limits[0].used, 3);
  await rendered.unmount();
});

test('another subject begins anew, and nothing is shown after the end', async () => {
  const over = source();
  const rendered = await render(over, { subject: 'ada' });
  await act(async () => over.asked[0].resolve(status(1)));
  await rendered.again({ subject: 'bob' });
  assert.equal(rendered.seen.loading, true);
  assert.equal(over.asked[1].subject, 'bob');
  const last = rendered.seen;
  await rendered.unmount();
  over.asked[1].resolve(status(9));
  await Promise.resolve();
  assert.equal(rendered.seen, last);
});

test('checks are for the subject of the hook', async () => {
  const over = source();
  const rendered = await render(over, { subject: 'ada' });
  const decision = await rendered.seen.checkQuota({ provider: 'openai' });
  assert.deepEqual(decision, { allowed: true });
  assert.deepEqual(over.checks, [{ subject: 'ada', provider: 'openai' }]);
  await rendered.unmount();
});

test('status is asked for again by itself', async (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] });
  const over = source();
  const rendered = await render(over, { refreshMs: 5_000 });
  context.mock.timers.tick(4_999);
  assert.equal(over.asked.length, 1);
  context.mock.timers.tick(1);
  assert.equal(over.asked.length, 2);
  await rendered.unmount();
  context.mock.timers.tick(50_000);
  assert.equal(over.asked.length, 2);
});

test('hook asks as soon as something happens, and tells statistics of its subject', async (context) => {
  context.mock.timers.enable({ apis: ['setInterval', 'setTimeout'] });
  const over = source();
  const queries = [];
  let listening;
  let stopped = 0;
  over.listen = (options) => ((listening = options), () => stopped++);
  over.getUsageStats = async (query) => (queries.push(query), { series: [] });
  const rendered = await render(over, { subject: 'ada' });
  assert.equal(listening.subject, 'ada');
  listening.onEvent({ type: 'usage', data: {} });
  listening.onEvent({ type: 'status', data: {} });
  context.mock.timers.tick(250);
  assert.equal(over.asked.length, 2);
  assert.deepEqual(await rendered.seen.getUsageStats({ meter: 'cost' }), { series: [] });
  assert.deepEqual(queries, [{ subject: 'ada', meter: 'cost' }]);
  await rendered.again({ subject: 'ada', live: false });
  assert.equal(stopped, 1);
  await rendered.unmount();
});
