// Google's own JavaScript client, unchanged, pointed at the gateway.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { ApiError, GoogleGenAI } from '@google/genai';
import { start } from './quotary.js';

const MODEL = 'gemini-3.5-flash';

let quotary;
let subjects = 0;

before(async () => {
  quotary = await start();
});
after(() => quotary?.stop());
beforeEach(() => {
  quotary.provider.calls = 0;
});

/** A client with the key of a subject that nobody used before. */
async function client(base, apiKey) {
  return new GoogleGenAI({
    apiKey: apiKey ?? (await quotary.newKey(`gemini-${++subjects}`)),
    httpOptions: { baseUrl: quotary.url + base },
  });
}

const call = (contents, config = {}) => ({ model: MODEL, contents, config: { maxOutputTokens: 1000, ...config } });

async function read(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

/** What a call was refused with. */
async function refused(promise) {
  try {
    await promise;
  } catch (e) {
    return e;
  }
  return assert.fail('expected a refusal');
}

for (const base of ['/gemini', '']) {
  describe(`base path '${base}'`, () => {
    test('plain answer comes whole with its usage', async () => {
      const gemini = await client(base);
      const answer = await gemini.models.generateContent(call('Say hi [simulate input=19 output=7 reasoning=3]'));
      assert.ok(answer.text.length > 0);
      assert.equal(answer.usageMetadata.promptTokenCount, 19);
      assert.equal(answer.usageMetadata.candidatesTokenCount, 4);
      assert.equal(answer.usageMetadata.thoughtsTokenCount, 3);
      assert.equal(quotary.provider.calls, 1);
    });

    test('stream has the text of the plain answer and the totals', async () => {
      const gemini = await client(base);
      const asked = call('Say something [simulate input=19 output=40]');
      const plain = await gemini.models.generateContent(asked);
      const chunks = await read(await gemini.models.generateContentStream(asked));
      assert.equal(chunks.map((chunk) => chunk.text ?? '').join(''), plain.text);
      assert.equal(chunks.at(-1).usageMetadata.totalTokenCount, 59);
    });
  });
}

test('exhausted quota raises at once and is not repeated', async () => {
  const gemini = await client('/gemini');
  const plain = await refused(gemini.models.generateContent(call('Hi', { maxOutputTokens: 100_001 })));
  const streamed = await refused(gemini.models.generateContentStream(call('Hi', { maxOutputTokens: 100_001 })));
  for (const error of [plain, streamed]) {
    assert.ok(error instanceof ApiError);
    assert.equal(error.status, 402);
    assert.match(error.message, /RESOURCE_EXHAUSTED/);
    assert.match(error.message, /0 of 100000 tokens used per month/);
  }
  assert.equal(quotary.provider.calls, 0);
});

test('stream that the provider breaks off raises', async () => {
  const gemini = await client('/gemini');
  const stream = await gemini.models.generateContentStream(call('[simulate output=20 cut_after=5]'));
  const error = await refused(read(stream));
  assert.match(error.message, /broke the stream off/);
});

test('errors of the provider pass as they are', async () => {
  const gemini = await client('');
  const bad = await refused(gemini.models.generateContent(call('[simulate error=400]')));
  const throttled = await refused(gemini.models.generateContent(call('[simulate error=429]')));
  assert.equal(bad.status, 400);
  assert.match(bad.message, /INVALID_ARGUMENT/);
  assert.equal(throttled.status, 429);
});

test('unknown key is unauthorized', async () => {
  const gemini = await client('', 'qk_live_nobody');
  const error = await refused(gemini.models.generateContent(call('Hi')));
  assert.equal(error.status, 401);
  assert.match(error.message, /API_KEY_INVALID/);
  assert.equal(quotary.provider.calls, 0);
});

test('contents are embedded and tokens counted', async () => {
  const gemini = await client('/gemini');
  const embedded = await gemini.models.embedContent({ model: 'gemini-embedding-001', contents: ['Hello', 'world'] });
  const count = await gemini.models.countTokens({ model: MODEL, contents: 'Hello' });
  assert.equal(embedded.embeddings.length, 2);
  assert.ok(count.totalTokens > 0);
});
