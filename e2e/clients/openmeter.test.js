// OpenMeter's official SDK against Quotary: ingest, list, meter queries, errors.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { OpenMeter } from '@openmeter/sdk';
import { start } from './quotary.js';

const METER = `
meters:
  - { key: tokens_total, aggregation: sum, event_type: prompt, value_property: "$.tokens", group_by: { model: "$.model" } }
`;
let quotary;
let client;

before(async () => {
  quotary = await start();
  await quotary.apply(METER);
  client = new OpenMeter({ baseUrl: quotary.url, apiKey: await quotary.serviceKey() });
});

after(() => quotary?.stop());

const prompt = (id, subject, tokens, model) => ({ id, source: 'check', type: 'prompt', subject, data: { tokens, model } });

test('events of the SDK count once, whatever is sent again', async () => {
  await client.events.ingest(prompt('a1', 'ann', '10', 'gpt-4o'));
  await client.events.ingest([prompt('a1', 'ann', '10', 'gpt-4o'), prompt('a2', 'ann', 5, 'gpt-4o'), prompt('b1', 'bob', 7, 'o3')]);
  const all = await client.meters.query('tokens_total', {});
  assert.equal(all.data.length, 1);
  assert.equal(all.data[0].value, 22);
});

test('meter queries of the SDK filter, group and cut into windows', async () => {
  const from = new Date(Date.now() - 3_600_000);
  const grouped = await client.meters.query('tokens_total', {
    from,
    windowSize: 'DAY',
    windowTimeZone: 'Europe/Berlin',
    groupBy: ['subject', 'model'],
    filterGroupBy: { model: 'gpt-4o' },
  });
  assert.equal(grouped.windowSize, 'DAY');
  assert.deepEqual(
    grouped.data.map((row) => [row.subject, row.groupBy.model]),
    grouped.data.map(() => ['ann', 'gpt-4o']),
  );
  assert.equal(grouped.data.reduce((sum, row) => sum + row.value, 0), 15);
  const posted = await client.meters.queryPost('tokens_total', { subject: ['bob'], filterGroupBy: { model: ['o3', 'x'] } });
  assert.equal(posted.data[0].value, 7);
});

test('the SDK lists what was sent', async () => {
  const events = await client.events.list({ subject: 'bob', limit: 10 });
  assert.equal(events.length, 1);
  assert.deepEqual(events[0].event.data, { tokens: 7, model: 'o3' });
  assert.equal(events[0].event.id, 'b1');
});

test('the SDK raises our problem, and nothing of its batch is recorded', async () => {
  await assert.rejects(
    client.events.ingest([prompt('c1', 'cat', 1, 'x'), prompt('c2', 'cat', -1, 'x')]),
    (error) => error.status === 400 && /\/1\/data\/tokens/.test(error.message + JSON.stringify(error)),
  );
  const none = await client.meters.query('tokens_total', { subject: ['cat'] });
  assert.equal(none.data[0].value, 0);
});
