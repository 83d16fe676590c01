package dev.quotary.client.spring;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Puts Quotary round a method of a bean: it is not called if a limit has no room, which is a
 * {@link dev.quotary.client.LimitExceededException}. A method that answers a {@link java.util.concurrent.CompletionStage} is metered until
 * that ends; one that answers a reactive stream is refused, as its call would not be what is metered.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Metered {
    /** What it uses. */
    String meter() default "requests";

    /** How much of it, at most. */
    long amount() default 1;

    /** The provider of the model that it calls, if it does. */
    String provider() default "";

    String model() default "";

    /** At most, with a model. */
    long inputTokens() default 0;

    /** At most, with a model. */
    long outputTokens() default 0;

    String feature() default "";

    /** Who uses, as an expression over the parameters, such as {@code #userId}; if not named, {@link CallContext} says it. */
    String subject() default "";

    /** Reads out of the answer what was used. A bean of that class is taken, or a new one made. */
    Class<? extends UsageReader> usage() default UsageReader.AsHeld.class;
}
