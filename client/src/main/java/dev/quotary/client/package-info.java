/**
 * The Java SDK: ask Quotary before a call, tell it afterwards.
 *
 * <p>{@link dev.quotary.client.QuotaryClient} is the way in. A {@link dev.quotary.client.Call} says what is about to happen, a
 * {@link dev.quotary.client.Usage} what it used; a refusal is a {@link dev.quotary.client.LimitExceededException}. Usage that could not be
 * told is kept and told later, once ({@link dev.quotary.client.UnsentOptions}). This package decides nothing: limits and prices are the
 * server's.
 */
@NullMarked
package dev.quotary.client;

import org.jspecify.annotations.NullMarked;
