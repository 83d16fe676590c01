package dev.quotary.sql;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a PostgreSQL database is, and who asks: {@code postgresql://user:password@host:5432/database?sslmode=verify-full}.
 *
 * <p>Its text form hides the password. There may be several hosts, separated by commas; the one that may be written to is used.
 *
 * @param hosts with their ports
 * @param options of {@link #OPTIONS}
 */
public record PostgresUrl(String user, Secret password, String hosts, String database, Map<String, String> options) {
    /** What may follow the question mark. */
    static final Set<String> OPTIONS = Set.of("sslmode", "sslrootcert", "sslcert", "sslkey", "currentSchema");

    private static final int CONNECT_SECONDS_MAX = 5;
    private static final int LOGIN_SECONDS_MAX = 10;

    private static final String FORM = "postgresql://user:password@host:5432/database";
    private static final String HOST = "(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::[0-9]{1,5})?";
    private static final Pattern URL = Pattern.compile(
            "postgres(?:ql)?://([^:@/?#]+)(?::([^@/?#]*))?@(" + HOST + "(?:," + HOST + ")*)/([^/?#]+)(?:\\?([^#]*))?");

    /** A password: it never shows itself. */
    public record Secret(String text) {
        @Override
        public String toString() {
            return "***";
        }
    }

    public PostgresUrl {
        options = Map.copyOf(options);
        for (var option : options.keySet()) {
            if (!OPTIONS.contains(option)) {
                throw new IllegalArgumentException(
                        "expected options out of " + OPTIONS.stream().sorted().toList() + ", was '" + option + "'");
            }
        }
    }

    /** @throws IllegalArgumentException saying what was expected, without the password */
    public static PostgresUrl parse(String text) {
        var matcher = URL.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("expected a database such as " + FORM
                    + ", with other characters than letters and digits written as %40, was '" + masked(text) + "'");
        }
        var password = matcher.group(2);
        return new PostgresUrl(
                decoded(matcher.group(1)),
                new Secret(password == null ? "" : decoded(password)),
                matcher.group(3),
                decoded(matcher.group(4)),
                options(matcher.group(5)));
    }

    /** The text of any URL without what may be its password. */
    public static String masked(String url) {
        // Up to the last @: a password that was not written as it should be may have one in it.
        return url.replaceAll("//.*@", "//***@").replaceAll("(?i)(password=)[^&]*", "$1***");
    }

    private static Map<String, String> options(@Nullable String query) {
        var options = new TreeMap<String, String>();
        if (query == null || query.isEmpty()) {
            return options;
        }
        for (var option : query.split("&", -1)) {
            int middle = option.indexOf('=');
            if (middle < 0) {
                throw new IllegalArgumentException("expected options such as sslmode=require after the database");
            }
            options.put(decoded(option.substring(0, middle)), decoded(option.substring(middle + 1)));
        }
        return options;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /**
     * Opens a connection as the driver sets it up.
     *
     * @param answerSecondsMax how long any answer is waited for; after that the connection is given up
     */
    public Connection connect(int answerSecondsMax) throws SQLException {
        var properties = properties();
        properties.setProperty("ApplicationName", "quotary");
        properties.setProperty("connectTimeout", String.valueOf(CONNECT_SECONDS_MAX));
        properties.setProperty("loginTimeout", String.valueOf(LOGIN_SECONDS_MAX));
        properties.setProperty("socketTimeout", String.valueOf(answerSecondsMax));
        properties.setProperty("tcpKeepAlive", "true");
        return DriverManager.getConnection(
                "jdbc:postgresql://" + hosts + "/" + URLEncoder.encode(database, StandardCharsets.UTF_8), properties);
    }

    private Properties properties() {
        var properties = new Properties();
        options.forEach(properties::setProperty);
        properties.setProperty("user", user);
        properties.setProperty("password", password.text());
        if (hosts.contains(",")) {
            properties.setProperty("targetServerType", "primary");
        }
        return properties;
    }

    /** Without the password. */
    @Override
    public String toString() {
        var query = new TreeMap<>(options)
                .entrySet().stream()
                        .map(option -> option.getKey() + "=" + option.getValue())
                        .collect(Collectors.joining("&"));
        return "postgresql://" + user + ":" + password + "@" + hosts + "/" + database
                + (query.isEmpty() ? "" : "?" + query);
    }
}
