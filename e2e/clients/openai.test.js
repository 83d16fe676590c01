// OpenAI's own JavaScript client, unchanged, pointed at the gateway.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import OpenAI from 'openai';
import { start } from './quotary.js';

let quotary;
let sent;
let subjects = 0;

before(async () => {
  quotary = await start();
});
after(() => quotary?.stop());
beforeEach(() => {
  sent = [];
  quotary.provider.calls = 0;
});

/** A client with the key of a subject that nobody used before; what it sends is kept in `sent`. */
async function client(base, options = {}) {
  return new OpenAI({
    baseURL: quotary.url + base,
    apiKey: await quotary.newKey(`subject-${++subjects}`),
    fetch: (url, init) => {
      sent.push(new Headers(init.headers).get('x-stainless-retry-count'));
      return fetch(url, init);
    },
    ...options,
  });
}

const call = (content, more = {}) => ({
  model: 'gpt-4o-mini',
  messages: [{ role: 'user', content }],
  max_completion_tokens: 1000,
  ...more,
});

async function read(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

const text = (chunks) => chunks.map((chunk) => chunk.choices[0]?.delta?.content ?? '').join('');

/** What a call was refused with. */
async function refused(promise) {
  try {
    await promise;
  } catch (e) {
    return e;
  }
  return assert.fail('expected a refusal');
}

for (const base of ['/openai/v1', '/v1']) {
  describe(`base path ${base}`, () => {
    test('plain answer comes whole with its usage', async () => {
      const openai = await client(base);
      const answer = await openai.chat.completions.create(call('Say hi [simulate input=19 output=7]'));
      assert.ok(answer.choices[0].message.content.length > 0);
      assert.equal(answer.usage.prompt_tokens, 19);
      assert.equal(answer.usage.completion_tokens, 7);
      assert.deepEqual(sent, ['0']);
    });

    test('stream of a client that did not ask has the text and no usage', async () => {
      const openai = await client(base);
      const asked = call('Say something [simulate input=19 output=40]');
      const plain = await openai.chat.completions.create(asked);
      const chunks = await read(await openai.chat.completions.create({ ...asked, stream: true }));
      assert.equal(text(chunks), plain.choices[0].message.content);
      assert.ok(chunks.every((chunk) => !('usage' in chunk)));
      assert.ok(chunks.every((chunk) => chunk.choices.length === 1));
    });
  });
}

test('stream of a client that asks for usage ends with it', async () => {
  const openai = await client('/openai/v1');
  const asked = call('[simulate input=19 output=40]', { stream: true, stream_options: { include_usage: true } });
  const chunks = await read(await openai.chat.completions.create(asked));
  assert.deepEqual(chunks.at(-1).choices, []);
  assert.equal(chunks.at(-1).usage.total_tokens, 59);
  assert.ok(chunks.slice(0, -1).every((chunk) => chunk.usage === null));
});

test('headers of the answer tell cost, event and limit', async () => {
  const openai = await client('/v1');
  const { response } = await openai.chat.completions.create(call('[simulate input=60 output=40]')).withResponse();
  assert.equal(response.headers.get('x-quotary-cost'), '0.000033');
  assert.match(response.headers.get('x-quotary-event'), /^evt_/);
  assert.equal(response.headers.get('x-usage-limit'), '100000');
});

test('exhausted quota raises at once and is not repeated', async () => {
  const openai = await client('/openai/v1');
  const asked = call('Hi', { max_completion_tokens: 100_001 });
  const error = await refused(openai.chat.completions.create(asked));
  assert.ok(error instanceof OpenAI.APIError);
  assert.equal(error.status, 402);
  assert.equal(error.code, 'insufficient_quota');
  assert.equal(error.type, 'insufficient_quota');
  assert.match(error.message, /0 of 100000 tokens used per month/);
  assert.deepEqual(sent, ['0']);
  assert.equal(quotary.provider.calls, 0);
});

test('throttled call is repeated as the client does and never reaches the provider', async () => {
  const openai = await client('/openai/v1', { defaultHeaders: { 'X-Quotary-Feature': 'alone' } });
  const running = await openai.chat.completions.create(
    call('[simulate output=100 chunk_delay=1s]', { stream: true }),
  );
  sent = [];
  const error = await refused(openai.chat.completions.create(call('Hi')));
  running.controller.abort();
  assert.ok(error instanceof OpenAI.RateLimitError);
  assert.equal(error.status, 429);
  assert.equal(error.code, 'rate_limit_exceeded');
  assert.deepEqual(sent, ['0', '1', '2']);
  assert.equal(quotary.provider.calls, 1);
});

test('errors of the provider pass as they are', async () => {
  const openai = await client('/openai/v1', { maxRetries: 1 });
  const bad = await refused(openai.chat.completions.create(call('[simulate error=400]')));
  const unauthorized = await refused(openai.chat.completions.create(call('[simulate error=401]')));
  const failed = await refused(openai.chat.completions.create(call('[simulate error=500]')));
  assert.ok(bad instanceof OpenAI.BadRequestError);
  assert.ok(unauthorized instanceof OpenAI.AuthenticationError);
  assert.ok(failed instanceof OpenAI.InternalServerError);
  assert.equal(failed.type, 'server_error');
  assert.deepEqual(sent, ['0', '0', '0', '1']);
  assert.equal(quotary.provider.calls, 4);
});

test('stream that the provider breaks off raises', async () => {
  const openai = await client('/openai/v1');
  const stream = await openai.chat.completions.create(call('[simulate output=20 cut_after=5]', { stream: true }));
  const error = await refused(read(stream));
  assert.ok(error instanceof OpenAI.APIError);
  assert.equal(error.code, 'provider_failed');
  assert.match(error.message, /broke the stream off/);
});

test('unknown key is unauthorized', async () => {
  const openai = await client('/v1', { apiKey: 'qk_live_nobody' });
  const error = await refused(openai.chat.completions.create(call('Hi')));
  assert.ok(error instanceof OpenAI.AuthenticationError);
  assert.equal(error.code, 'invalid_api_key');
  assert.deepEqual(sent, ['0']);
  assert.equal(quotary.provider.calls, 0);
});

test('models are listed', async () => {
  const openai = await client('/openai/v1');
  const models = await read(openai.models.list());
  assert.ok(models.length > 0);
});
