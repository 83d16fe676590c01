package dev.quotary.meter;

import java.util.Map;
import java.util.TreeMap;

/**
 * How much of each meter but {@code cost} a call uses. All numbers are 0 or more, in the meter's smallest unit.
 *
 * @param requests calls
 * @param tokensInput all tokens of the prompts
 * @param tokensOutput all tokens written
 * @param tokens all tokens; at least input plus output, more where only the total is known
 * @param others amounts of declared meters
 */
public record Quantities(long requests, long tokensInput, long tokensOutput, long tokens, Map<MeterKey, Long> others) {
    public static final Quantities NONE = new Quantities(0, 0, 0, 0, Map.of());

    /** Largest amount of one meter in one call. */
    public static final long AMOUNT_MAX = 1_000_000_000_000_000L;

    public Quantities {
        check(MeterKey.REQUESTS, requests);
        check(MeterKey.TOKENS_INPUT, tokensInput);
        check(MeterKey.TOKENS_OUTPUT, tokensOutput);
        check(MeterKey.TOKENS, tokens);
        if (tokens < tokensInput + tokensOutput) {
            throw new IllegalArgumentException("expected tokens of at least tokens.input + tokens.output = "
                    + (tokensInput + tokensOutput) + ", was " + tokens);
        }
        others = Map.copyOf(others);
        others.forEach(Quantities::checkOther);
    }

    /** One call with so many tokens. */
    public static Quantities ofTokens(long requests, long input, long output) {
        return new Quantities(requests, input, output, input + output, Map.of());
    }

    /** Reads amounts by meter; {@code tokens} may be left out where input and output say it. */
    public static Quantities of(Map<MeterKey, Long> amounts) {
        var others = new TreeMap<>(amounts);
        long requests = take(others, MeterKey.REQUESTS, 0);
        long input = take(others, MeterKey.TOKENS_INPUT, 0);
        long output = take(others, MeterKey.TOKENS_OUTPUT, 0);
        check(MeterKey.TOKENS_INPUT, input);
        check(MeterKey.TOKENS_OUTPUT, output);
        long tokens = take(others, MeterKey.TOKENS, input + output);
        return new Quantities(requests, input, output, tokens, others);
    }

    private static long take(Map<MeterKey, Long> amounts, MeterKey meter, long otherwise) {
        var amount = amounts.remove(meter);
        return amount == null ? otherwise : amount;
    }

    private static void checkOther(MeterKey meter, long amount) {
        if (meter.builtIn()) {
            throw new IllegalArgumentException(meter + " is built in, it cannot be declared");
        }
        check(meter, amount);
    }

    private static void check(MeterKey meter, long amount) {
        if (amount < 0 || amount > AMOUNT_MAX) {
            throw new IllegalArgumentException("expected 0.." + AMOUNT_MAX + " of " + meter + ", was " + amount);
        }
    }

    /** The amount of a meter; 0 for one that this call does not use. Never asked for {@code cost}. */
    public long of(MeterKey meter) {
        return switch (meter.value()) {
            case "requests" -> requests;
            case "tokens" -> tokens;
            case "tokens.input" -> tokensInput;
            case "tokens.output" -> tokensOutput;
            default -> others.getOrDefault(meter, 0L);
        };
    }

    public Quantities plus(Quantities more) {
        var sum = new TreeMap<>(others);
        more.others.forEach((meter, amount) -> sum.merge(meter, amount, Math::addExact));
        return new Quantities(
                Math.addExact(requests, more.requests),
                Math.addExact(tokensInput, more.tokensInput),
                Math.addExact(tokensOutput, more.tokensOutput),
                Math.addExact(tokens, more.tokens),
                sum);
    }

    /** The built-in meters over 0 and all declared ones that were named, in a stable order; a level of 0 is a statement. */
    public Map<MeterKey, Long> toMap() {
        var all = new TreeMap<>(others);
        put(all, MeterKey.REQUESTS, requests);
        put(all, MeterKey.TOKENS, tokens);
        put(all, MeterKey.TOKENS_INPUT, tokensInput);
        put(all, MeterKey.TOKENS_OUTPUT, tokensOutput);
        return all;
    }

    private static void put(Map<MeterKey, Long> all, MeterKey meter, long amount) {
        if (amount > 0) {
            all.put(meter, amount);
        }
    }
}
