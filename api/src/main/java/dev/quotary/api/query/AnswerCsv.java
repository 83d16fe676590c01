package dev.quotary.api.query;

import dev.quotary.analytics.Answer;
import dev.quotary.analytics.Measure;
import dev.quotary.analytics.Question;
import dev.quotary.analytics.Series;
import dev.quotary.analytics.Value;
import dev.quotary.http.Times;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes an answer as CSV (RFC 4180): a line for every bucket of every series. A mean has two more columns, with the sum and the count
 * that it is the quotient of. The previous period is not in it.
 */
public final class AnswerCsv {
    private AnswerCsv() {}

    public static String write(Question question, Answer.Told told) {
        var text = new StringBuilder();
        line(text, header(question));
        for (var series : told.series()) {
            for (var point :
                    Points.of(series, question.measures(), told.buckets().size())) {
                var bucket = told.buckets().get(point.bucket());
                var fields = new ArrayList<>(List.of(Times.text(bucket.from()), Times.text(bucket.until())));
                fields.addAll(group(question, series.group()));
                for (int i = 0; i < question.measures().size(); i++) {
                    add(fields, question.measures().get(i), point.values().get(i));
                }
                line(text, fields);
            }
        }
        return text.toString();
    }

    private static List<String> header(Question question) {
        var fields = new ArrayList<>(List.of("start", "end"));
        question.groupBy().forEach(dimension -> fields.add(dimension.key()));
        if (!question.groupBy().isEmpty()) {
            fields.add("other");
        }
        for (var measure : question.measures()) {
            fields.add(measure.key());
            if (measure.kind() == Measure.Kind.MEAN) {
                fields.add(measure.key() + ".sum");
                fields.add(measure.key() + ".count");
            }
        }
        return fields;
    }

    private static List<String> group(Question question, Series.Group group) {
        if (question.groupBy().isEmpty()) {
            return List.of();
        }
        var fields = new ArrayList<String>();
        switch (group) {
            case Series.Group.Of(var values) -> {
                fields.addAll(values);
                fields.add("false");
            }
            case Series.Group.Others() -> {
                fields.addAll(Collections.nCopies(question.groupBy().size(), ""));
                fields.add("true");
            }
        }
        return fields;
    }

    private static void add(List<String> fields, Measure measure, Value value) {
        fields.add(Amounts.text(measure, value));
        if (measure.kind() == Measure.Kind.MEAN) {
            fields.add(value instanceof Value.Quotient quotient ? Long.toString(quotient.sum()) : "0");
            fields.add(value instanceof Value.Quotient quotient ? Long.toString(quotient.count()) : "0");
        }
    }

    private static void line(StringBuilder text, List<String> fields) {
        text.append(fields.stream().map(AnswerCsv::quoted).collect(Collectors.joining(",")))
                .append("\r\n");
    }

    private static String quoted(String field) {
        boolean plain = field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return plain ? field : "\"" + field.replace("\"", "\"\"") + "\"";
    }
}
