package dev.quotary.sql.query;

import dev.quotary.analytics.Condition;
import dev.quotary.analytics.Dimension;
import dev.quotary.analytics.Dimension.BuiltIn;
import dev.quotary.ledger.Outcome;
import dev.quotary.sql.Codes;
import dev.quotary.sql.Dialect;
import dev.quotary.sql.StorableText;
import dev.quotary.sql.Words;
import java.util.List;

/** Dimensions as the tables have them. The empty text stands for none. */
final class Names {
    private final Dialect dialect;

    Names(Dialect dialect) {
        this.dialect = dialect;
    }

    /** An expression over a row {@code r} of a table. Rollups have a value in every column. */
    Text expression(Dimension dimension, Source source) {
        return source == Source.EVENTS ? expression(dimension) : new Text().add("r." + dimension.key());
    }

    /** An expression over a row {@code r} of the events. */
    private Text expression(Dimension dimension) {
        return switch (dimension) {
            case BuiltIn builtIn ->
                switch (builtIn) {
                    case OUTCOME -> outcome();
                    case SUBJECT, PROVIDER, MODEL, FEATURE, SESSION, WORKFLOW, API_KEY ->
                        new Text().add("coalesce(r." + builtIn.key() + ", '')");
                };
            case Dimension.Declared declared -> word(declared.key());
        };
    }

    private static Text outcome() {
        var text = new Text().add("CASE r.outcome");
        for (var outcome : Outcome.values()) {
            text.add(" WHEN " + Codes.of(outcome) + " THEN '" + outcome.key() + "'");
        }
        return text.add(" END");
    }

    /** The value behind {@code name=} in a text of {@link Words}, still escaped as it is there. */
    private Text word(String name) {
        var key = " " + Words.escaped(name) + "=";
        var stored = StorableText.of(key);
        int length = stored.codePointCount(0, stored.length());
        var rest = new Text()
                .add("substr(")
                .add(words())
                .add(", ")
                .add(place(words(), key))
                .add(" + " + length + ")");
        return new Text()
                .add("CASE WHEN ")
                .add(place(words(), key))
                .add(" = 0 THEN '' ELSE substr(")
                .add(rest)
                .add(", 1, ")
                .add(dialect == Dialect.SQLITE ? "instr(" : "strpos(")
                .add(rest)
                .add(", ' ') - 1) END");
    }

    private static Text words() {
        return new Text().add("(' ' || coalesce(r.dimensions, '') || ' ')");
    }

    private Text place(Text in, String of) {
        return new Text()
                .add(dialect == Dialect.SQLITE ? "instr(" : "strpos(")
                .add(in)
                .add(", ")
                .value(of)
                .add(")");
    }

    /** A value of {@link #expression} as it is told. */
    static String plain(Dimension dimension, String value) {
        return dimension instanceof Dimension.Declared ? Words.plain(value) : value;
    }

    /** The opposite of {@link #plain}. */
    static String kept(Dimension dimension, String value) {
        return dimension instanceof Dimension.Declared ? Words.escaped(value) : value;
    }

    /** What a row has to meet. */
    Text meets(Condition condition, Source source) {
        var text = new Text().add("(");
        var separator = "";
        for (var pattern : condition.patterns()) {
            text.add(separator).add(matches(condition.dimension(), pattern, source));
            separator = " OR ";
        }
        return text.add(")");
    }

    private Text matches(Dimension dimension, String pattern, Source source) {
        if (!pattern.endsWith("*")) {
            return equal(dimension, kept(dimension, pattern), source);
        }
        var prefix = kept(dimension, pattern.substring(0, pattern.length() - 1));
        var stored = StorableText.of(prefix);
        return new Text()
                .add("substr(")
                .add(expression(dimension, source))
                .add(", 1, " + stored.codePointCount(0, stored.length()) + ") = ")
                .value(prefix);
    }

    /** A plain comparison where there is a value: so an index can be used. */
    private Text equal(Dimension dimension, String value, Source source) {
        return dimension instanceof BuiltIn builtIn && builtIn != BuiltIn.OUTCOME && !value.isEmpty()
                ? new Text().add("r." + builtIn.key() + " = ").value(value)
                : expression(dimension, source).add(" = ").value(value);
    }

    /** Whether rows are picked by subjects that are named one by one. */
    static boolean namesSubjects(List<Condition> conditions) {
        return conditions.stream()
                .anyMatch(condition -> condition.dimension() == BuiltIn.SUBJECT
                        && condition.patterns().stream()
                                .noneMatch(pattern -> pattern.isEmpty() || pattern.endsWith("*")));
    }
}
