package dev.quotary.api.query;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.analytics.Answer;
import dev.quotary.analytics.Dimension;
import dev.quotary.analytics.Granularity;
import dev.quotary.analytics.Measure;
import dev.quotary.analytics.Question;
import dev.quotary.analytics.Range;
import dev.quotary.http.InvalidInputException;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;

/** What an operator sees at a glance about the last days. */
public final class Overview {
    /** In the order in which they are written. */
    public static final List<Measure> MEASURES = List.of(
            Measure.COST,
            Measure.EVENTS,
            Measure.REQUESTS,
            Measure.ERRORS,
            Measure.SUCCESS_RATE,
            Measure.SUBJECTS,
            Measure.TOKENS,
            Measure.TOKENS_INPUT,
            Measure.TOKENS_OUTPUT,
            Measure.LATENCY,
            Measure.QUEUE_WAIT);

    /** Everything there is. */
    public static final Range EVER = new Range(QuestionReader.EARLIEST, QuestionReader.LATEST);

    private static final int DAYS_MAX = 366;

    private final Asked asked;
    private final int days;
    private final Range range;

    private Overview(Asked asked, int days) {
        this.asked = asked;
        this.days = days;
        this.range = lastDays(asked.now(), asked.zone(), days);
    }

    /**
     * @param days how many where the request does not say
     * @param known the other parameters of the request
     */
    public static Overview of(Queried queried, Asked asked, int days, Set<String> known) {
        var parameters = new QueryParameters(queried);
        parameters.refuseUnknown(known, "");
        return new Overview(asked, parameters.number("days", days, DAYS_MAX));
    }

    /** Today, as far as it has come, and the days before it. */
    private static Range lastDays(Instant now, ZoneId zone, int days) {
        var first = now.atZone(zone).toLocalDate().minusDays(days - 1L);
        return new Range(first.atStartOfDay(zone).toInstant(), now.plusMillis(1));
    }

    public Range range() {
        return range;
    }

    /** Everything by day, with as much time before it to compare with. */
    public Question perDay() {
        return question().by(Granularity.DAY, asked.zone()).withPrevious();
    }

    /** The totals of the top groups. */
    public Question by(List<Dimension> groupBy, int top) {
        return question().by(groupBy, top);
    }

    private Question question() {
        return Question.of(asked.organization(), range, MEASURES);
    }

    /** Writes what the answer is about, as members of an open object. */
    public void head(JsonGenerator json) throws IOException {
        json.writeStringField("organization", asked.organization().value());
        json.writeNumberField("days", days);
        AnswerJson.range(json, range);
        json.writeStringField("time_zone", asked.zone().getId());
    }

    /** Writes the answer to {@link #perDay}. */
    public static void perDay(JsonGenerator json, Answer.Told told) throws IOException {
        totals(json, "totals", told);
        var previous = told.previous();
        if (previous.isPresent()) {
            totals(json, "previous", previous.get());
        }
        json.writeFieldName("per_day");
        AnswerJson.points(json, MEASURES, told.buckets(), told.series().getFirst());
    }

    private static void totals(JsonGenerator json, String name, Answer.Told told) throws IOException {
        json.writeObjectFieldStart(name);
        Amounts.members(json, MEASURES, told.series().getFirst().totals());
        json.writeEndObject();
    }

    /** Writes the answer to {@link #by}. */
    public static void groups(JsonGenerator json, String name, Question question, Answer.Told told) throws IOException {
        json.writeArrayFieldStart(name);
        for (var series : told.series()) {
            json.writeStartObject();
            AnswerJson.group(json, question.groupBy(), series.group());
            json.writeObjectFieldStart("total");
            Amounts.members(json, MEASURES, series.totals());
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** Which query parameter is wrong, and why. */
    public static InvalidInputException wrong(String name, String what) {
        return QueryParameters.wrong(name, what);
    }
}
