package dev.quotary.server.config;

import dev.quotary.gateway.Secret;
import dev.quotary.http.Documents;
import dev.quotary.http.Fields;
import dev.quotary.http.Value;
import dev.quotary.sql.PostgresUrl;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads {@code quotary.yaml} and the environment.
 *
 * <p>Every key is checked; an unknown one, or a value that means nothing, ends the start with its line and what was expected. A relative
 * path is meant from the folder of the file.
 */
public final class ConfigReader {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(ms|s|m|h)");
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");
    /** First path segments that belong to the server itself. */
    private static final List<String> RESERVED =
            List.of("api", "v1", "v1beta", "console", "portal", "embed", "docs", "healthz", "readyz", "metrics");

    private static final String SQLITE = "sqlite:";

    private final Map<String, String> environment;
    private final Path folder;

    /** @param folder where relative paths begin */
    public ConfigReader(Map<String, String> environment, Path folder) {
        this.environment = Map.copyOf(environment);
        this.folder = folder;
    }

    /**
     * @param yaml the file; empty for none
     * @param data directory of the embedded store, in place of the configured one; empty for that
     * @throws dev.quotary.http.InvalidInputException naming the line, the key and what was expected
     */
    public Config read(String yaml, Optional<Path> data) {
        var root = Documents.yaml(yaml).fields();
        var server = new Settings("server", root.find("server"), environment);
        var listen = listen(server);
        var metrics = metrics(server);
        server.done();
        var store = store(root, data, limiter(root));
        var secrets = new Settings("secrets", root.find("secrets"), environment);
        secrets.text("master_key");
        secrets.done();
        var providers = providers(root);
        var apply = root.find("apply").map(Value::oneOrMany).orElse(List.of()).stream()
                .map(value -> folder.resolve(value.string()))
                .toList();
        root.done();
        return new Config(listen, store, providers, apply, metrics);
    }

    private static Config.Listen listen(Settings server) {
        var host = server.text("host").orElse("127.0.0.1");
        int port = server.text("port", ConfigReader::port).orElse(8080);
        var publicUrl = server.text("public_url").orElse("http://" + host + ":" + port);
        return new Config.Listen(host, port, publicUrl);
    }

    private static Config.Metrics metrics(Settings server) {
        var access = server.text("metrics", ConfigReader::access).orElse(Config.Metrics.Access.KEY);
        return new Config.Metrics(access, server.text("metrics_key").map(dev.quotary.api.key.Secret::new));
    }

    private static Config.Metrics.Access access(String text) {
        return switch (text) {
            case "key" -> Config.Metrics.Access.KEY;
            case "open" -> Config.Metrics.Access.OPEN;
            case "off" -> Config.Metrics.Access.OFF;
            default ->
                throw new IllegalArgumentException("expected metrics to be key, open or off, was '" + text + "'");
        };
    }

    private static int port(String text) {
        if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= 65_535) {
            return Integer.parseInt(text);
        }
        throw new IllegalArgumentException("expected a port of 0..65535, was '" + text + "'");
    }

    private Config.Store store(Fields root, Optional<Path> data, boolean shared) {
        var settings = new Settings("store", root.find("store"), environment);
        var configured = settings.text("directory");
        var directory =
                data.orElseGet(() -> folder.resolve(configured.orElse("data"))).normalize();
        var store =
                settings.text("url", url -> store(url, directory, shared)).orElseGet(() -> sqlite("./data/quotary.db"));
        settings.done();
        return switch (store) {
            case Config.Sqlite _
            when shared -> throw settings.wrong("url", "expected a store on postgresql, as limiter.url is postgresql:");
            case Config.Sqlite _
            when configured.isPresent() ->
                throw settings.wrong("directory", "expected no directory, as everything lies beside the SQLite file");
            case Config.Sqlite _ when data.isPresent() -> new Config.Sqlite(directory.resolve("quotary.db"));
            case Config.Sqlite sqlite -> sqlite;
            case Config.Postgres postgres -> postgres;
        };
    }

    private Config.Store store(String url, Path directory, boolean shared) {
        if (url.startsWith("postgres")) {
            return new Config.Postgres(PostgresUrl.parse(url), directory, shared);
        }
        if (!url.startsWith(SQLITE) || url.length() == SQLITE.length()) {
            throw new IllegalArgumentException(
                    "expected a store such as sqlite:./data/quotary.db or postgresql://user:password@host:5432/quotary, was '"
                            + PostgresUrl.masked(url) + "'");
        }
        return sqlite(url.substring(SQLITE.length()));
    }

    private Config.Sqlite sqlite(String file) {
        return new Config.Sqlite(folder.resolve(file).normalize());
    }

    /** Whether limits are decided in the database of the store, instead of in this process. */
    private boolean limiter(Fields root) {
        var limiter = new Settings("limiter", root.find("limiter"), environment);
        boolean shared = limiter.text("url", ConfigReader::sharedLimiter).orElse(false);
        limiter.done();
        return shared;
    }

    private static boolean sharedLimiter(String url) {
        return switch (url) {
            case "memory:" -> false;
            case "postgresql:" -> true;
            default ->
                throw new IllegalArgumentException(
                        "expected the limiter memory: or postgresql: (the database of store.url), was '"
                                + PostgresUrl.masked(url) + "'");
        };
    }

    private Map<String, ProviderConfig> providers(Fields root) {
        var configured = new LinkedHashMap<String, ProviderConfig>();
        var declared = root.find("providers");
        if (declared.isEmpty()) {
            var openai = new Settings("providers.openai", Optional.empty(), environment);
            configured.put("openai", provider("openai", openai));
            return configured;
        }
        declared.get().entries().forEach((name, value) -> {
            if (!NAME.matcher(name).matches() || RESERVED.contains(name)) {
                throw value.wrong("expected a provider name of lower-case letters, digits, '-' and '_' that is none of "
                        + RESERVED + ", was '" + name + "'");
            }
            configured.put(name, provider(name, new Settings("providers." + name, Optional.of(value), environment)));
        });
        return configured;
    }

    private ProviderConfig provider(String name, Settings settings) {
        var kind = settings.text("kind", ConfigReader::kind).orElse(ProviderConfig.Kind.OPENAI);
        var baseUrl = settings.text("base_url", ConfigReader::url)
                .or(() -> name.equals("openai") ? Optional.of(URI.create("https://api.openai.com")) : Optional.empty())
                .orElseThrow(() -> settings.wrong("base_url", "expected a base_url such as https://api.openai.com"));
        var key = settings.text("api_key")
                .or(() -> name.equals("openai")
                        ? Optional.ofNullable(environment.get("OPENAI_API_KEY"))
                        : Optional.empty())
                .map(Secret::new);
        var prices = settings.text("prices", ConfigReader::prices).orElse("book");
        int concurrency = settings.text("concurrency", ConfigReader::count).orElse(0);
        var timeout = settings.text("timeout", ConfigReader::duration).orElse(ProviderConfig.TIMEOUT);
        boolean asks = settings.text("stream_usage", ConfigReader::streamUsage)
                .orElse("ask")
                .equals("ask");
        settings.done();
        return new ProviderConfig(kind, baseUrl, key, prices.equals("free"), concurrency, timeout, asks);
    }

    private static String streamUsage(String text) {
        if (!text.equals("ask") && !text.equals("unasked")) {
            throw new IllegalArgumentException("expected ask or unasked, was '" + text + "'");
        }
        return text;
    }

    private static ProviderConfig.Kind kind(String text) {
        return switch (text) {
            case "openai", "anthropic", "gemini", "xai" -> ProviderConfig.Kind.valueOf(text.toUpperCase(Locale.ROOT));
            default ->
                throw new IllegalArgumentException(
                        "expected one of openai, anthropic, gemini, xai, was '" + text + "'");
        };
    }

    private static URI url(String text) {
        var url = URI.create(text);
        boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!http || url.getHost() == null) {
            throw new IllegalArgumentException("expected a URL such as https://api.openai.com, was '" + text + "'");
        }
        return url;
    }

    private static String prices(String text) {
        if (text.equals("free") || text.equals("book")) {
            return text;
        }
        throw new IllegalArgumentException("expected prices to be free or book, was '" + text + "'");
    }

    private static int count(String text) {
        if (text.matches("[0-9]{1,6}")) {
            return Integer.parseInt(text);
        }
        throw new IllegalArgumentException("expected a whole number of 0..999999, was '" + text + "'");
    }

    private static Duration duration(String text) {
        var matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("expected a duration such as 120s or 10m, was '" + text + "'");
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
    }
}
