package dev.quotary.server.config;

import dev.quotary.api.key.Secret;
import dev.quotary.api.provider.MasterKey;
import dev.quotary.api.provider.MasterKeys;
import dev.quotary.http.CrossOrigin;
import dev.quotary.http.Documents;
import dev.quotary.http.Fields;
import dev.quotary.http.Value;
import dev.quotary.sql.PostgresUrl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads {@code quotary.yaml} and the environment.
 *
 * <p>Every key is checked; an unknown one, or a value that means nothing, ends the start with its line and what was expected. A relative
 * path is meant from the folder of the file.
 */
public final class ConfigReader {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");
    /** First path segments that belong to the server itself. */
    private static final List<String> RESERVED =
            List.of("api", "v1", "v1beta", "console", "portal", "embed", "docs", "healthz", "readyz", "metrics");

    private static final String SQLITE = "sqlite:";
    private static final String MASTER_KEY = "QUOTARY_MASTER_KEY";
    private static final String OTHER_MASTER_KEY = "QUOTARY_OTHER_MASTER_KEY";

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
        var masterKeys = masterKeys(root);
        var retention = retention(root);
        var providers = providers(root);
        var apply = root.find("apply").map(Value::oneOrMany).orElse(List.of()).stream()
                .map(value -> folder.resolve(value.string()))
                .toList();
        root.done();
        return new Config(listen, store, providers, apply, metrics, masterKeys, retention);
    }

    private Config.Retention retention(Fields root) {
        var settings = new Settings("retention", root.find("retention"), environment);
        var auditLog = settings.text("audit_log", ConfigReader::days);
        settings.done();
        return new Config.Retention(auditLog.orElse(Config.Retention.DEFAULT.auditLog()));
    }

    /** Empty for ever. */
    private static Optional<Duration> days(String text) {
        if (text.equals("forever")) {
            return Optional.empty();
        }
        if (text.matches("[1-9][0-9]{0,4}d")) {
            return Optional.of(Duration.ofDays(Long.parseLong(text.substring(0, text.length() - 1))));
        }
        throw new IllegalArgumentException("expected days such as 90d, or forever, was '" + text + "'");
    }

    private MasterKeys masterKeys(Fields root) {
        var secrets = new Settings("secrets", root.find("secrets"), environment);
        var sealing = masterKey(secrets, "master_key", MASTER_KEY);
        var other = masterKey(secrets, "other_master_key", OTHER_MASTER_KEY);
        secrets.done();
        return new MasterKeys(sealing, other);
    }

    private Optional<MasterKey> masterKey(Settings secrets, String key, String variable) {
        return secrets.text(key)
                .or(() -> Optional.ofNullable(environment.get(variable)).filter(text -> !text.isBlank()))
                .map(text -> {
                    try {
                        return MasterKey.of(new Secret(text));
                    } catch (IllegalArgumentException e) {
                        throw secrets.wrong(key, String.valueOf(e.getMessage()));
                    }
                });
    }

    private static Config.Listen listen(Settings server) {
        var host = server.text("host").orElse("127.0.0.1");
        int port = server.text("port", ConfigReader::port).orElse(8080);
        var publicUrl = server.text("public_url").orElse("http://" + host + ":" + port);
        var embedding = server.text("embed_origins", ConfigReader::origins).orElse(CrossOrigin.NONE);
        return new Config.Listen(host, port, publicUrl, embedding);
    }

    private static Config.Metrics metrics(Settings server) {
        var access = server.text("metrics", ConfigReader::access).orElse(Config.Metrics.Access.KEY);
        return new Config.Metrics(access, server.text("metrics_key").map(Secret::new));
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

    private static CrossOrigin origins(String text) {
        return new CrossOrigin(Stream.of(text.split("[\\s,]+"))
                .filter(origin -> !origin.isEmpty())
                .collect(Collectors.toUnmodifiableSet()));
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
            configured.put("openai", new ProviderReader("openai", openai, environment).read());
            return configured;
        }
        declared.get().entries().forEach((name, value) -> {
            if (!NAME.matcher(name).matches() || RESERVED.contains(name)) {
                throw value.wrong("expected a provider name of lower-case letters, digits, '-' and '_' that is none of "
                        + RESERVED + ", was '" + name + "'");
            }
            var settings = new Settings("providers." + name, Optional.of(value), environment);
            configured.put(name, new ProviderReader(name, settings, environment).read());
        });
        declared.get().entries().forEach((name, value) -> checkFallbacks(name, value, configured));
        return configured;
    }

    private static void checkFallbacks(String name, Value place, Map<String, ProviderConfig> configured) {
        var provider = configured.get(name);
        if (provider == null) {
            return;
        }
        for (var fallback : provider.routing().fallbacks()) {
            var other = configured.get(fallback.provider());
            if (other == null || other.kind() != provider.kind()) {
                throw place.wrong("expected to fall back to a provider that is declared and of the same kind, was '"
                        + fallback.provider() + "'");
            }
            boolean elsewhere = !fallback.provider().equals(name);
            if (elsewhere && (other.keys().clients() || provider.keys().clients())) {
                throw place.wrong("expected no fallback to another provider where clients show their own keys");
            }
        }
    }
}
