package dev.quotary.client;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;

/** How a {@link QuotaryClient} is to be. Immutable; every method answers a changed copy. */
public final class QuotaryClientBuilder {
    private static final int ID_BYTES = 16;
    private static final String KEY = "[\\x21-\\x7e]{1,512}";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Transport.Target target;
    private final Options options;

    /** What has a default. */
    private record Options(
            WhenUnavailable whenUnavailable,
            UnsentOptions unsent,
            UsageListener listener,
            InstantSource clock,
            boolean awaitSettlement,
            Duration closePatience) {
        static final Options DEFAULT = new Options(
                WhenUnavailable.ALLOW,
                UnsentOptions.IN_MEMORY,
                new LoggingListener(),
                InstantSource.system(),
                true,
                Duration.ofSeconds(5));
    }

    QuotaryClientBuilder(URI url, String key) {
        this(new Transport.Target(url, key, Duration.ofSeconds(2), Duration.ofSeconds(10)), Options.DEFAULT);
        if (!("http".equals(url.getScheme()) || "https".equals(url.getScheme())) || url.getHost() == null) {
            throw new IllegalArgumentException("expected an address like http://127.0.0.1:8080, was " + url);
        }
        if (!key.matches(KEY)) {
            throw new IllegalArgumentException("expected an API key of 1..512 printable characters");
        }
    }

    private QuotaryClientBuilder(Transport.Target target, Options options) {
        this.target = target;
        this.options = options;
    }

    /** For a connection; 2 seconds if not named. */
    public QuotaryClientBuilder connectTimeout(Duration timeout) {
        return with(new Transport.Target(target.url(), target.key(), positive(timeout), target.timeout()));
    }

    /**
     * For the answer to one step, all attempts together; 10 seconds if not named. Where limits let calls wait for room, it should be longer
     * than their wait.
     */
    public QuotaryClientBuilder timeout(Duration timeout) {
        return with(new Transport.Target(target.url(), target.key(), target.connectTimeout(), positive(timeout)));
    }

    /** Fail open or fail closed; open if not named. */
    public QuotaryClientBuilder whenUnavailable(WhenUnavailable policy) {
        return with(new Options(policy, unsent(), options.listener, clock(), awaitSettlement(), closePatience()));
    }

    /** How usage is kept that could not be told; in memory if not named. */
    public QuotaryClientBuilder unsent(UnsentOptions kept) {
        return with(
                new Options(whenUnavailable(), kept, options.listener, clock(), awaitSettlement(), closePatience()));
    }

    /** Who hears what becomes of usage that could not be told; a log if not named. */
    public QuotaryClientBuilder listener(UsageListener listener) {
        return with(new Options(whenUnavailable(), unsent(), listener, clock(), awaitSettlement(), closePatience()));
    }

    /** Whose time usage has that is recorded; the system's if not named. */
    public QuotaryClientBuilder clock(InstantSource clock) {
        return with(
                new Options(whenUnavailable(), unsent(), options.listener, clock, awaitSettlement(), closePatience()));
    }

    /**
     * Whether {@code execute} and {@code wrap} return only after the usage is in the ledger, which they do if not told otherwise. If not, they
     * return at once, and the answer does not tell the cost.
     */
    public QuotaryClientBuilder awaitSettlement(boolean await) {
        return with(new Options(whenUnavailable(), unsent(), options.listener, clock(), await, closePatience()));
    }

    /** How long {@link QuotaryClient#close} may take to tell what is kept; 5 seconds if not named. */
    public QuotaryClientBuilder closePatience(Duration patience) {
        return with(new Options(whenUnavailable(), unsent(), options.listener, clock(), awaitSettlement(), patience));
    }

    /** @throws IllegalStateException if the directory for what is unsent cannot be used */
    public QuotaryClient build() {
        return new QuotaryClient(this, target);
    }

    private static Duration positive(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("expected a time-out longer than nothing, was " + timeout);
        }
        return timeout;
    }

    private QuotaryClientBuilder with(Transport.Target changed) {
        return new QuotaryClientBuilder(changed, options);
    }

    private QuotaryClientBuilder with(Options changed) {
        return new QuotaryClientBuilder(target, changed);
    }

    WhenUnavailable whenUnavailable() {
        return options.whenUnavailable;
    }

    UnsentOptions unsent() {
        return options.unsent;
    }

    UsageListener listener() {
        return new Telling(options.listener);
    }

    InstantSource clock() {
        return options.clock;
    }

    boolean awaitSettlement() {
        return options.awaitSettlement;
    }

    Duration closePatience() {
        return options.closePatience;
    }

    /** Never the same twice, not even in different processes: usage is counted once by it. */
    String newId() {
        var bytes = new byte[ID_BYTES];
        RANDOM.nextBytes(bytes);
        return "sdk_" + HexFormat.of().formatHex(bytes);
    }
}
