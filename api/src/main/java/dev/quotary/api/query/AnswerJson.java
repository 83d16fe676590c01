package dev.quotary.api.query;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.analytics.Answer;
import dev.quotary.analytics.Dimension;
import dev.quotary.analytics.Measure;
import dev.quotary.analytics.Question;
import dev.quotary.analytics.Range;
import dev.quotary.analytics.Series;
import dev.quotary.http.Times;
import java.io.IOException;
import java.util.List;

/** Writes an answer as JSON: every series has a point for every bucket. */
public final class AnswerJson {
    private AnswerJson() {}

    public static void write(JsonGenerator json, Question question, Answer.Told told) throws IOException {
        json.writeStartObject();
        json.writeStringField("organization", question.organization().value());
        json.writeArrayFieldStart("meters");
        for (var measure : question.measures()) {
            json.writeString(measure.key());
        }
        json.writeEndArray();
        range(json, question.range());
        json.writeStringField("granularity", question.granularity().key());
        json.writeStringField("time_zone", question.zone().getId());
        json.writeArrayFieldStart("group_by");
        for (var dimension : question.groupBy()) {
            json.writeString(dimension.key());
        }
        json.writeEndArray();
        series(json, question, told);
        json.writeFieldName("previous");
        if (told.previous().isPresent()) {
            json.writeStartObject();
            range(json, question.range().previous(question.zone()));
            series(json, question, told.previous().get());
            json.writeEndObject();
        } else {
            json.writeNull();
        }
        json.writeEndObject();
    }

    static void range(JsonGenerator json, Range range) throws IOException {
        json.writeStringField("from", Times.text(range.from()));
        json.writeStringField("to", Times.text(range.until()));
    }

    private static void series(JsonGenerator json, Question question, Answer.Told told) throws IOException {
        json.writeArrayFieldStart("series");
        for (var series : told.series()) {
            json.writeStartObject();
            group(json, question.groupBy(), series.group());
            json.writeObjectFieldStart("total");
            Amounts.members(json, question.measures(), series.totals());
            json.writeEndObject();
            json.writeFieldName("points");
            points(json, question.measures(), told.buckets(), series);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    static void group(JsonGenerator json, List<Dimension> groupBy, Series.Group group) throws IOException {
        json.writeObjectFieldStart("group");
        switch (group) {
            case Series.Group.Of(var values) -> {
                for (int i = 0; i < values.size(); i++) {
                    json.writeStringField(groupBy.get(i).key(), values.get(i));
                }
            }
            case Series.Group.Others() -> {}
        }
        json.writeEndObject();
        json.writeBooleanField("other", group instanceof Series.Group.Others);
    }

    static void points(JsonGenerator json, List<Measure> measures, List<Range> buckets, Series series)
            throws IOException {
        json.writeStartArray();
        for (var point : Points.of(series, measures, buckets.size())) {
            var bucket = buckets.get(point.bucket());
            json.writeStartObject();
            json.writeStringField("start", Times.text(bucket.from()));
            json.writeStringField("end", Times.text(bucket.until()));
            json.writeObjectFieldStart("values");
            Amounts.members(json, measures, point.values());
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
