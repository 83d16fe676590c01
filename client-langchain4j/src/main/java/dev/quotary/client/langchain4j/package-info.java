/**
 * Limits and metering round the chat models of LangChain4j.
 *
 * <p>{@link dev.quotary.client.langchain4j.Metered} is the way in: it puts Quotary round a model, which refuses calls before they are made.
 * {@link dev.quotary.client.langchain4j.RecordingListener} only records, for those who cannot exchange their model.
 */
@NullMarked
package dev.quotary.client.langchain4j;

import org.jspecify.annotations.NullMarked;
