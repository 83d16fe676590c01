package dev.quotary.api;

import dev.quotary.analytics.Answer;
import dev.quotary.analytics.Condition;
import dev.quotary.analytics.Dimension;
import dev.quotary.analytics.Dimension.BuiltIn;
import dev.quotary.analytics.EventQuery;
import dev.quotary.analytics.Question;
import dev.quotary.api.query.Asked;
import dev.quotary.api.query.Overview;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.Subject;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.ProblemException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What an operator sees of all of an organization, and of one subject, over some days. */
final class OverviewEndpoints {
    private static final int DAYS = 7;
    private static final int TOP = 10;
    private static final int RECENT = 20;
    private static final Set<String> KNOWN = Set.of("organization", "days");
    private static final List<Dimension> BY_MODEL = List.of(BuiltIn.PROVIDER, BuiltIn.MODEL);
    private static final List<Dimension> BY_FEATURE = List.of(BuiltIn.FEATURE);
    private static final List<Dimension> BY_SUBJECT = List.of(BuiltIn.SUBJECT);

    private final QueryEndpoints queries;
    private final SubjectRows rows;
    private final Catalog catalog;

    OverviewEndpoints(QueryEndpoints queries, SubjectRows rows, Catalog catalog) {
        this.queries = queries;
        this.rows = rows;
        this.catalog = catalog;
    }

    /** A question and its answer. */
    private record Told(Question question, Answer.Told answer) {}

    private Told ask(Question question) {
        return new Told(
                question,
                QueryEndpoints.told(Waits.get(queries.analytics().queries().ask(question))));
    }

    Reply summary(Exchange exchange) {
        var asked = queries.asked(exchange);
        var overview = Overview.of(exchange.queried(), asked, DAYS, KNOWN);
        var perDay = ask(overview.perDay());
        var byModel = ask(overview.by(BY_MODEL, TOP));
        var byFeature = ask(overview.by(BY_FEATURE, TOP));
        var bySubject = ask(overview.by(BY_SUBJECT, TOP));
        var subjects = catalog.subjects(asked.organization());
        long blocked = subjects.stream().filter(Subject::blocked).count();
        return Reply.json(Reply.OK, json -> {
            json.writeStartObject();
            overview.head(json);
            Overview.perDay(json, perDay.answer());
            Overview.groups(json, "by_model", byModel.question(), byModel.answer());
            Overview.groups(json, "by_feature", byFeature.question(), byFeature.answer());
            Overview.groups(json, "top_subjects", bySubject.question(), bySubject.answer());
            json.writeObjectFieldStart("subjects");
            json.writeNumberField("declared", subjects.size());
            json.writeNumberField("blocked", blocked);
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    Reply subject(Exchange exchange) {
        var asked = queries.asked(exchange);
        var key = SubjectThing.key(exchange.parameter(0));
        var overview = Overview.of(exchange.queried(), asked, DAYS, KNOWN);
        var row = rows.row(asked.organization(), key);
        var conditions = List.of(Condition.is(BuiltIn.SUBJECT, key.value()));
        var perDay = ask(overview.perDay().where(conditions));
        var recent = Waits.get(queries.analytics()
                .events()
                .page(new EventQuery(asked.organization(), Overview.EVER, conditions, Optional.empty(), RECENT)));
        if (row.account().isEmpty() && recent.events().isEmpty()) {
            throw new ProblemException(ErrorCode.SUBJECT_UNKNOWN, "There is no subject '" + key + "'.");
        }
        var byModel = ask(overview.by(BY_MODEL, TOP).where(conditions));
        var byFeature = ask(overview.by(BY_FEATURE, TOP).where(conditions));
        var last =
                recent.events().stream().findFirst().map(event -> event.event().time());
        return Reply.json(Reply.OK, json -> {
            json.writeStartObject();
            overview.head(json);
            rows.members(json, row, last);
            Overview.perDay(json, perDay.answer());
            Overview.groups(json, "by_model", byModel.question(), byModel.answer());
            Overview.groups(json, "by_feature", byFeature.question(), byFeature.answer());
            json.writeArrayFieldStart("recent");
            for (var event : recent.events()) {
                EventJson.summary(json, event, true);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /** Everybody, declared or not. */
    Reply subjects(Exchange exchange) {
        Asked asked = queries.asked(exchange);
        return new SubjectPage(queries.analytics().subjects(), rows, exchange, asked).reply();
    }
}
