// Live push and statistics, against servers that answer as the test says.
import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';
import { Quotary, watchStatus } from '../dist/index.js';
import { Events } from '../dist/live.js';

/** A server whose streams the test writes, and which counts how often status is asked for. */
async function streaming() {
  const streams = [];
  const asked = [];
  let waiting = [];
  const told = () => {
    const all = waiting;
    waiting = [];
    all.forEach((again) => again());
  };
  const listening = http.createServer((request, response) => {
    asked.push({ path: request.url, headers: request.headers });
    if (request.url.startsWith('/api/v1/usage/stream')) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      streams.push(response);
    } else if (request.url.startsWith('/api/v1/usage/query')) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ meters: ['cost'], series: [{ group: {}, other: false, total: { cost: '0.5' } }] }));
    } else {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ state: 'ok', limits: [{ limit: 'tokens', used: asked.length }] }));
    }
    told();
  });
  await new Promise((resolve) => listening.listen(0, '127.0.0.1', resolve));
  /** Waits until something is so; each request looks again. */
  const until = async (so) => {
    while (!so()) await new Promise((resolve) => waiting.push(resolve));
  };
  const stop = () => {
    listening.closeAllConnections();
    return new Promise((resolve) => listening.close(resolve));
  };
  const statuses = () => asked.filter((each) => each.path.startsWith('/api/v1/usage/status')).length;
  return { url: `http://127.0.0.1:${listening.address().port}`, streams, asked, until, statuses, stop };
}

test('events are read wherever their stream is cut', () => {
  const text = 'retry: 2000\n\n: beat\nid: a-1\nevent: usage\ndata: {"n":1,\ndata: "t":"ü"}\n\nid: a-2\r\nevent: status\r\ndata: {}\r\n\r\ndata: plain\n\n';
  for (let cut = 0; cut <= text.length; cut++) {
    const seen = [];
    const events = new Events((id, event) => seen.push([id, event.type, event.data]));
    events.push(text.slice(0, cut));
    events.push(text.slice(cut));
    assert.deepEqual(seen, [
      ['a-1', 'usage', { n: 1, t: 'ü' }],
      ['a-2', 'status', {}],
      ['a-2', 'message', 'plain'],
    ]);
  }
});

test('an event without an end is given up', () => {
  const events = new Events(() => assert.fail('told'));
  assert.throws(() => {
    for (let i = 0; i < 40; i++) events.push(`data: ${'x'.repeat(65_536)}\n`);
  }, /without an end/);
});

test('status is asked for as soon as something happens, once for many events', { timeout: 20_000 }, async () => {
  const server = await streaming();
  const quotary = new Quotary({ url: server.url, key: 'k' });
  const watch = watchStatus(quotary, { subject: 'ada', refreshMs: 3_600_000, onStatus: () => {} });
  await server.until(() => server.streams.length === 1 && server.statuses() === 1);
  for (let i = 0; i < 100; i++) server.streams[0].write(`id: a-${i}\nevent: usage\ndata: {}\n\n`);
  await server.until(() => server.statuses() === 2);
  assert.equal(server.asked.find((each) => each.path.includes('/stream')).path, '/api/v1/usage/stream?subject=ada');
  assert.equal(server.asked[0].headers.authorization, 'Bearer k');
  watch.stop();
  await quotary.close();
  await server.stop();
});

test('a stream that is cut off is taken up again where it was', { timeout: 20_000 }, async () => {
  const server = await streaming();
  const quotary = new Quotary({ url: server.url, key: 'k' });
  const seen = [];
  const stop = quotary.listen({ onEvent: (event) => seen.push(event.type) });
  await server.until(() => server.streams.length === 1);
  server.streams[0].write('id: a-7\nevent: usage\ndata: {}\n\n');
  server.streams[0].end();
  await server.until(() => server.streams.length === 2);
  assert.equal(server.asked.at(-1).headers['last-event-id'], 'a-7');
  assert.deepEqual(seen, ['usage']);
  stop();
  await quotary.close();
  await server.stop();
});

test('a watch that is stopped listens no more, and one without live never did', { timeout: 20_000 }, async () => {
  const server = await streaming();
  const quotary = new Quotary({ url: server.url, key: 'k' });
  const quiet = watchStatus(quotary, { live: false, onStatus: () => {} });
  await server.until(() => server.statuses() === 1);
  const watch = watchStatus(quotary, { onStatus: () => {} });
  await server.until(() => server.streams.length === 1);
  const closed = new Promise((resolve) => server.streams[0].on('close', resolve));
  watch.stop();
  quiet.stop();
  await closed;
  assert.equal(server.streams.length, 1);
  await quotary.close();
  await server.stop();
});

test('statistics are asked for by what is named', async () => {
  const server = await streaming();
  const quotary = new Quotary({ url: server.url, key: 'k' });
  const stats = await quotary.getUsageStats({
    meter: 'cost,tokens',
    from: new Date('2026-11-01T00:00:00Z'),
    group_by: 'model',
    subject: 'a b',
    filter: { team: 'red' },
  });
  await quotary.getUsageStats();
  assert.equal(stats.series[0].total.cost, '0.5');
  assert.deepEqual(Object.fromEntries(new URL(server.asked[0].path, server.url).searchParams), {
    meter: 'cost,tokens',
    from: '2026-11-01T00:00:00.000Z',
    group_by: 'model',
    subject: 'a b',
    'filter[team]': 'red',
  });
  assert.equal(server.asked[1].path, '/api/v1/usage/query');
  await quotary.close();
  await server.stop();
});
